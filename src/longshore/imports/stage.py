"""How far an import is that is all or nothing."""

from enum import StrEnum


class Stage(StrEnum):
    """What the run of an import that is all or nothing does at the moment."""

    JUDGING = "judging"  # all rows are judged, and nothing is written
    WRITING = "writing"  # no row fails, and what was judged is written
    GOING_BACK = "going_back"  # what was written is taken back
