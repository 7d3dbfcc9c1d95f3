"""The stages of what is all or nothing as tables."""

from longshore.imports import STAGE_ENDS, STAGE_TRANSITIONS, Stage, Status


def test_every_stage_is_reached_from_the_first_and_comes_to_an_end() -> None:
    reached = {Stage.JUDGING}
    while grown := {to for before, to in STAGE_TRANSITIONS if before in reached} - reached:
        reached |= grown
    assert reached == set(Stage)
    assert {stage for stage, _ in STAGE_ENDS} == set(Stage)


def test_only_what_is_written_completes_an_import() -> None:
    assert {stage for stage, end in STAGE_ENDS if end == Status.COMPLETED} == {Stage.WRITING}
    assert {end for _, end in STAGE_ENDS} <= {each for each in Status if each.is_finished}


def test_every_step_says_when_it_happens() -> None:
    assert all([*STAGE_TRANSITIONS.values(), *STAGE_ENDS.values()])
