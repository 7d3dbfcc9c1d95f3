"""The errors of an import by cause: every error is counted once, however many values there are."""

from collections import Counter

import pytest

from longshore.imports import (
    LoggedError,
    NewError,
    digest_errors,
    errors_of,
    log_errors,
    read_digest,
)
from longshore.imports.digest import GROUPS_MAX, VALUES_MAX
from tests.behaviour.imports.factory import pending


def error(row, attribute, message, value=None, position=0, code=None, column=None) -> NewError:
    return NewError(row, position, row + 1, None, attribute, message, value, code, column)


def digested(database, *errors):
    """The digest of errors that an import has stored; it is that of the same errors kept apart."""
    import_, other = pending(database), pending(database)
    with database.write() as tx:
        log_errors(tx, import_.id, errors)
        log_errors(tx, other.id, [error(1, "code", "can't be blank")])
    with database.read() as tx:
        digest = read_digest(tx, import_.id)
        assert digest_errors(errors_of(tx, import_.id), "skus") == digest
    assert digest.rest_count == digest.errors_count - sum(each.count for each in digest.groups)
    assert digest.errors_count == len(errors)
    return digest


def test_each_cause_stands_once_the_most_frequent_first(database) -> None:
    digest = digested(
        database,
        error(1, "code", "can't be blank"),
        *(error(row, "unit_of_weight", "is not included in the list", "g") for row in range(2, 9)),
        *(error(row, "unit_of_weight", "is not included in the list", "kg", 1) for row in (3, 5)),
        error(9, "weight", "is not a number", "heavy", code="not_a_number", column="Weight"),
        error(10, "code", "can't be blank"),
    )
    assert [
        (each.attribute, each.code, each.message, each.value, each.count, each.first_rows)
        for each in digest.groups
    ] == [
        ("unit_of_weight", "not_in_list", "is not included in the list", "g", 7, [2, 3, 4, 5, 6]),
        ("code", "blank", "can't be blank", None, 2, [1, 10]),
        ("unit_of_weight", "not_in_list", "is not included in the list", "kg", 2, [3, 5]),
        ("weight", "not_a_number", "is not a number", "heavy", 1, [9]),
    ]
    assert digest.groups[0].expected == "one of gr, oz, lb"
    assert digest.groups[3].column == "Weight"
    assert not any(each.other_values for each in digest.groups)
    assert (digest.groups_count, digest.rest_count) == (4, 0)


def test_an_import_without_errors_has_an_empty_digest(database) -> None:
    assert digested(database).groups == []


def test_values_that_hardly_come_twice_are_one_group(database) -> None:
    many = 3 * VALUES_MAX
    digest = digested(
        database,
        *(error(row, "email", "is invalid", f"{row}@") for row in range(1, many + 1)),
        *(error(many + row, "email", "is invalid", "none") for row in range(1, 8)),
        *(error(many + row, "code", "can't be blank", position=1) for row in range(1, 6)),
    )
    assert [
        (each.attribute, each.value, each.other_values, each.count, each.first_rows)
        for each in digest.groups
    ] == [
        ("email", None, many, many, [1, 2, 3, 4, 5]),
        ("email", "none", 0, 7, [many + row for row in range(1, 6)]),
        ("code", None, 0, 5, [many + row for row in range(1, 6)]),
    ]


def test_the_most_frequent_of_many_values_have_groups(database) -> None:
    values = VALUES_MAX + 50
    errors = [
        error(1 + row, "email", "is invalid", f"{row % values}@") for row in range(3 * values + 7)
    ]
    digest = digested(database, *errors)
    own = [each for each in digest.groups if not each.other_values]
    assert len(own) == VALUES_MAX
    assert [each.value for each in own[:7]] == [f"{number}@" for number in range(7)]
    counts = Counter(each.value for each in errors)
    assert all(each.count == counts[each.value] for each in own)
    (rest,) = (each for each in digest.groups if each.other_values)
    assert (rest.other_values, rest.count) == (50, 150)
    assert rest.first_rows == [VALUES_MAX + 1 + row for row in range(5)]


def test_causes_beyond_the_bound_are_counted(database) -> None:
    errors = [
        error(row, "amount", f"is ambiguous, it may be {row}") for row in range(1, GROUPS_MAX + 4)
    ]
    digest = digested(database, *errors, error(GROUPS_MAX + 4, "amount", errors[1].message))
    assert len(digest.groups) == GROUPS_MAX
    assert digest.groups[0].first_rows == [2, GROUPS_MAX + 4]
    assert (digest.groups_count, digest.rest_count) == (GROUPS_MAX + 3, 3)


@pytest.mark.parametrize("value", ["'; --", "x\ufffdy", "ポ", ""])
def test_any_value_has_its_group(database, value: str) -> None:
    (group,) = digested(database, error(1, "name", "is invalid", value)).groups
    assert (group.value, group.count) == (value, 1)


def test_errors_that_are_kept_apart_have_the_same_digest() -> None:
    errors = [
        LoggedError(
            row=row, line=row, identifier=None, attribute="name", message="is invalid", value="x"
        )
        for row in range(1, 30_001)
    ]
    (group,) = digest_errors(iter(errors), "skus").groups
    assert (group.count, group.first_rows) == (30_000, [1, 2, 3, 4, 5])
