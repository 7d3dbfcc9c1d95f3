"""Everything that is decided before the first row: names to slots, slots to columns, what to load.

What a rule needs is known here, because it has to be loaded; what it does is the row's.
"""
