"""Errors that are kept in a file are those that were added, in their order."""

from longshore.engine import KeptErrors
from longshore.imports import LoggedError


def error(number: int, value: str | None) -> LoggedError:
    return LoggedError(
        row=number,
        line=number + 1,
        identifier=f"S{number}",
        attribute="weight",
        message="is not a number",
        value=value,
        expected=None if value is None else "a number",
    )


def test_errors_are_gone_through_again_and_again() -> None:
    added = [error(number, 'é\n"x"' * (number % 50) or None) for number in range(3000)]
    kept = KeptErrors()
    assert list(kept) == []
    kept.add(added[:1000])
    first = iter(kept)
    assert next(first) == added[0]
    kept.add(added[1000:])
    assert len(kept) == 3000
    assert list(kept) == list(kept) == added
    assert [each.expected for each in kept] == [each.expected for each in added]
