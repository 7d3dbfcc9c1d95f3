"""Only so many requests wait in one process for what becomes of others."""

from contextlib import ExitStack

from longshore.api.waiting_room import WaitingRoom


def test_a_place_is_free_again_when_its_request_goes() -> None:
    room = WaitingRoom(2)
    with room.place() as first, room.place() as second:
        assert first
        assert second
        with room.place() as third:
            assert not third
    with room.place() as again:
        assert again


def test_a_process_has_places_for_256() -> None:
    room = WaitingRoom()
    with ExitStack() as stack:
        assert all(stack.enter_context(room.place()) for _ in range(256))
        assert not stack.enter_context(room.place())
