"""One question asked many times: with other values, or the very same again.

variations    what varies in a sweep, and its values
sweeps        what is made of them: panes or alternatives
repeating     the very request again
repeat_facts  the answers to it, with their figures in words
forms         what may be typed
"""
