"""A naive model of undo, to compare longshore with.

It keeps the whole state of every record and everything that was ever written, in plain
dictionaries and lists. What imports and single writes have done it is told; what an undo does it
foretells. It shares nothing with longshore: what belongs together, what must be there and what is
unique stands in tables of its own, for the few types that the examples use.
"""

from tests.property.undoing.history import Author, History, Write
from tests.property.undoing.naive_undo import WHOLE, Foretold, foretell
from tests.property.undoing.store import Records

__all__ = ["WHOLE", "Author", "Foretold", "History", "Records", "Write", "foretell"]
