"""Ratings out of votes: the Bradley-Terry model by maximum likelihood, and by bootstrap how sure it is.

What is done where the votes leave a rating open, and why: docs/leaderboard.md.
"""

from .ballots import Ballot, Contestant
from .groups import ENOUGH_VOTES, MEAN, Group, Rating, Side, rate

__all__ = ["ENOUGH_VOTES", "MEAN", "Ballot", "Contestant", "Group", "Rating", "Side", "rate"]
