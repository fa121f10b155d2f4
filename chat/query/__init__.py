"""PURE. The language of the search: what its words are, what a query says, how it is completed, how a hit is shown."""
