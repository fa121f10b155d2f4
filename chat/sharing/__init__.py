"""Links to frozen snapshots of a branch or a comparison: docs/sharing.md.

options      what its owner chose to show
tree         which messages that is, and what hangs on what
contents     of a message and of its call, what may be shown
snapshot     the copy that is shown, made by listing what goes in
places       what of it looks like a secret, and where
links        tokens, the life of a link, who looked
reading      a snapshot as a page
code         a snapshot as a request in code
continuing   a snapshot as a conversation of its reader
forms        what may be typed
"""
