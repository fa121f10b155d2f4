"""What other programs wrote, and what this one exported, becomes conversations here."""
