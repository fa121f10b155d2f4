"""Imports on the server, in the background: how a file gets here, who reads it, and what a dead process left.

uploads  the file on its way here, piece by piece, under a name that is made here
jobs     the threads that read, one import each
reading  one import, from its file to its rows
leaving  what is taken away: rows that nobody will show, files that nobody reads
"""
