"""Changes of imports and undos taken back: step by step, from the last one to the first.

Promises: a step is taken back as far as nobody has changed the same fields since and a row could
make the records so; what stays is told with its reason; what comes back has its id, its creator,
its times and its links. All of it stands in the journal, and can be taken back itself. Knows
nothing of where it is asked for.
"""
