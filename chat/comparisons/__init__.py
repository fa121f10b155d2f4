"""Comparisons: panes that are conversations, and what is done with several of them at once.

panes        made, added, copied, moved, removed
linking      what is changed in one pane is changed in the linked ones
rounds       the same words to several panes, or their last questions once more
figures      how their last answers went, side by side
isolation    whether each was told only what was said in it
blind        shuffled and unnamed, voted on, revealed
preparation  a comparison that is not there yet
forms        what may be typed in one
"""
