"""How records came to be what they are: their history, read from the journal and from themselves.

Promises: a history begins with the creation, although the journal keeps none, and tells every
change behind it in order. Knows neither imports nor who asks: whoever shows a history says who the
authors of its changes are, and whoever takes changes back reads the same history.
"""

from longshore.history.changes import Change
from longshore.history.last_changes import LastChange, LastChanges, Return, last_changes
from longshore.history.record_history import change_of, created_record, history_of
from longshore.history.record_values import RecordValues, StoredRecord

__all__ = [
    "Change",
    "LastChange",
    "LastChanges",
    "RecordValues",
    "Return",
    "StoredRecord",
    "change_of",
    "created_record",
    "history_of",
    "last_changes",
]
