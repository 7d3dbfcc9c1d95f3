"""A file that is sent while it is written: whole, in order, and ended where nobody wants it."""

import threading
import zipfile
from collections.abc import Callable
from io import BytesIO
from typing import BinaryIO

import pytest

from longshore.errors import RequestRefused
from longshore.web import GrowingFile

_PATIENCE = 60.0  # never waited for where something is right
_BLOCK = b"0123456789abcdef" * 4096  # as much as a writer keeps to itself, at the most


class Step:
    """A place at which a writer waits until a test lets it go on."""

    def __init__(self) -> None:
        self._is_reached, self._goes_on = threading.Event(), threading.Event()

    def __call__(self) -> None:
        self._is_reached.set()
        assert self._goes_on.wait(_PATIENCE)

    def reached(self) -> None:
        assert self._is_reached.wait(_PATIENCE)

    def let_go(self) -> None:
        self._goes_on.set()


@pytest.mark.parametrize("count", [0, 1, 100])
def test_all_that_was_written_is_sent_in_its_order(count: int) -> None:
    lines = [f"{number}\n".encode() * 1_000 for number in range(count)]
    sent = GrowingFile(lambda file: file.writelines(lines), patience_seconds=_PATIENCE)
    assert b"".join(sent) == b"".join(lines)
    assert next(sent, None) is None


def test_what_is_refused_before_its_patience_ends_is_raised_at_once() -> None:
    def refuse(file: BinaryIO) -> None:
        file.write(_BLOCK)
        raise RequestRefused("too long")

    with pytest.raises(RequestRefused, match="too long"):
        GrowingFile(refuse, patience_seconds=_PATIENCE)


def test_what_takes_longer_is_sent_while_it_is_written() -> None:
    step = Step()

    def write(file: BinaryIO) -> None:
        file.write(_BLOCK)
        file.write(b"next")
        step()
        file.write(b"rest")

    sent = GrowingFile(write, patience_seconds=0)
    assert next(sent) == _BLOCK
    step.let_go()
    assert b"".join(sent) == b"nextrest"


def test_what_fails_later_is_raised_behind_what_was_sent() -> None:
    step = Step()

    def write(file: BinaryIO) -> None:
        file.write(_BLOCK)
        file.write(b"next")
        step()
        raise RequestRefused("too long")

    sent = GrowingFile(write, patience_seconds=0)
    assert next(sent) == _BLOCK
    step.let_go()
    with pytest.raises(RequestRefused, match="too long"):
        list(sent)


@pytest.mark.parametrize("leave", [GrowingFile.close, lambda sent: next(sent) and sent.close()])
def test_what_writes_fails_where_nobody_wants_the_rest(
    leave: Callable[[GrowingFile], object],
) -> None:
    step, ended = Step(), threading.Event()

    def write(file: BinaryIO) -> None:
        try:
            file.write(_BLOCK)
            file.write(b"next")
            step()
            while True:
                file.write(_BLOCK)
        finally:
            ended.set()

    sent = GrowingFile(write, patience_seconds=0)
    step.reached()
    leave(sent)
    step.let_go()
    assert ended.wait(_PATIENCE)
    assert list(sent) == []


def test_an_archive_is_written_without_going_back() -> None:
    def write(file: BinaryIO) -> None:
        with zipfile.ZipFile(file, "w") as archive:
            archive.writestr("a.txt", _BLOCK)

    sent = GrowingFile(write, patience_seconds=_PATIENCE)
    with zipfile.ZipFile(BytesIO(b"".join(sent))) as archive:
        assert archive.read("a.txt") == _BLOCK
