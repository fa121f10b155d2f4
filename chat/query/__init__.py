"""PURE. The language of the search: what its words are, what a query says, how it is completed, what an excerpt shows."""
