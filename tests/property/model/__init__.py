"""The naive model: what an import does, one row after another, over dictionaries.

Nothing here is fast, chunked or shared with the engine: a record is a dictionary, a row that fails
is undone by putting the whole state before it back, and the journal is the difference of two
states. The catalogue's declarations are the only thing that both sides read.
"""

from tests.property.model.importing import Entry, Failure, Model, Report, Warned
from tests.property.model.rows import CsvRow, identifier_of
from tests.property.model.rules import GENERATED_UNFORESEEABLY
from tests.property.model.saving import Stamp
from tests.property.model.state import Record, State

__all__ = [
    "GENERATED_UNFORESEEABLY",
    "CsvRow",
    "Entry",
    "Failure",
    "Model",
    "Record",
    "Report",
    "Stamp",
    "State",
    "Warned",
    "identifier_of",
]
