"""What the judgement of rows reads of the store, noted and boiled down to a pin for each range.

Knows no import: who drives it says where a range ends, and what follows from a pin that differs.
"""
