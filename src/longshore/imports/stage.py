"""How far an import is that is all or nothing: which stage may follow which, and when."""

from enum import StrEnum


class Stage(StrEnum):
    """What the run of an import that is all or nothing does at the moment, or did last."""

    JUDGING = "judging"  # all rows are judged, and nothing is written
    WRITING = "writing"  # no row fails, and what was judged is written
    GOING_BACK = "going_back"  # what was written is taken back


# From, to -> the real-life reason. An import is in progress from the first stage to its end.
STAGE_TRANSITIONS: dict[tuple[Stage, Stage], str] = {
    (Stage.JUDGING, Stage.JUDGING): "another runner takes over: it begins at the first row again",
    (Stage.JUDGING, Stage.WRITING): "its last row was judged, and none failed",
    (Stage.WRITING, Stage.GOING_BACK): (
        "some of it is written, and: somebody stops or supersedes it, the records that it was "
        "judged by were changed, the database refuses a statement, its attachment is gone, or its "
        "runners die again and again at the same place"
    ),
}

# The last stage and the status at the end -> the real-life reason.
STAGE_ENDS: dict[tuple[Stage, str], str] = {
    (Stage.JUDGING, "interrupted"): (
        "rows failed, a stop rule is reached, somebody stops, supersedes or deletes it, its "
        "attachment is gone, or its runners die again and again at the same place"
    ),
    (Stage.WRITING, "completed"): "its last row was written",
    (Stage.WRITING, "interrupted"): "as while it goes back, and nothing of it is written",
    (Stage.GOING_BACK, "interrupted"): (
        "all that it had written was gone through, or runners died again and again at that"
    ),
}
