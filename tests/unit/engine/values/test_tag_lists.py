"""Which tags a row asks for."""

import pytest

from longshore.engine.values.converters import INVALID, ValueRefused
from longshore.engine.values.tag_lists import names_in, tag_list_converter, tag_names_converter


def to_name(value: object) -> str:
    """Stands for the converter of a tag's name."""
    if value == "bad":
        raise ValueRefused(INVALID)
    return str(value).lower()


def to_id(value: object) -> int:
    return int(str(value))


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("Red", [("name", "red")]),
        (" Red , blue ", [("name", "red"), ("name", "blue")]),
        ("red,,", [("name", "red")]),
        (",", []),
        (5, [("name", "5")]),
    ],
)
def test_cell_lists_names(cell: object, expected: list[tuple[str, str]]) -> None:
    assert tag_list_converter("name", to_name)(cell) == expected


def test_cell_lists_ids() -> None:
    assert tag_list_converter("id", to_id)("1, 2") == [("id", 1), ("id", 2)]


def test_each_wrong_name_in_a_cell_is_told() -> None:
    assert tag_list_converter("name", to_name)("red,bad") == [
        ("name", "red"),
        ("refused", ("tags.name", "is invalid", "bad")),
    ]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ([], []),
        ([{"name": "Red"}, {"id": "5"}], [("name", "red"), ("id", 5)]),
        ([{"id": "5", "name": "bad"}], [("id", 5)]),
        ([{"id": None, "name": "red"}], [("name", "red")]),
        ([{"id": "", "name": "red"}], [("name", "red")]),
    ],
)
def test_array_holds_objects_with_id_or_name(value: object, expected: object) -> None:
    assert tag_names_converter(to_id, to_name)(value) == expected


@pytest.mark.parametrize(
    ("element", "field", "message"),
    [
        ("red", "tags", "is invalid"),
        (None, "tags", "is invalid"),
        ({}, "tags.name", "can't be blank"),
        ({"name": " "}, "tags.name", "can't be blank"),
        ({"name": "bad"}, "tags.name", "is invalid"),
    ],
)
def test_wrong_element_of_an_array_is_told(element: object, field: str, message: str) -> None:
    wanted, refused = tag_names_converter(to_id, to_name)([{"name": "red"}, element])
    assert wanted == ("name", "red")
    assert refused[0] == "refused"
    assert refused[1][:2] == (field, message)


@pytest.mark.parametrize("value", ["red", {"name": "red"}, 5])
def test_what_is_no_array_is_refused(value: object) -> None:
    with pytest.raises(ValueRefused, match="is invalid"):
        tag_names_converter(to_id, to_name)(value)


@pytest.mark.parametrize(
    ("value", "names"),
    [
        ("Red, blue,RED", ("red", "blue")),
        (" , ,", ()),
        ("", ()),
        (None, ()),
        ("no good", ("no good",)),
    ],
)
def test_trigger_names_each_tag_once_in_lower_case(value: object, names: tuple[str, ...]) -> None:
    assert names_in(value) == names
