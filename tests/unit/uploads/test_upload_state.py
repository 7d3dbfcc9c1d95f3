"""Every state of an upload can be reached, and each ends."""

from longshore.uploads import TRANSITIONS, UploadState


def test_every_state_is_in_the_table_and_comes_from_another_one() -> None:
    assert set(TRANSITIONS) == set(UploadState)
    reached = {after for follows in TRANSITIONS.values() for after in follows}
    assert reached == set(UploadState) - {UploadState.RECEIVING}


def test_whatever_an_upload_becomes_it_expires_in_the_end() -> None:
    assert [state for state, follows in TRANSITIONS.items() if not follows] == [UploadState.EXPIRED]
