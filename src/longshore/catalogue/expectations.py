"""What a field takes, in a few words for whoever has given it something else.

The messages of the wire contract say that a value is wrong; this says what would be right.
"""

from collections.abc import Iterable, Sequence

from longshore.catalogue.catalogue import Catalogue
from longshore.catalogue.declarations import (
    Attribute,
    Form,
    Kind,
    Relationship,
    ResourceType,
    ValueType,
)
from longshore.catalogue.phrases import words
from longshore.catalogue.target_keys import is_named_by_keys, key_names
from longshore.error_codes import LEAVES_OPEN, ErrorCode, code_of, expected_of

_CHOICES_MAX = 30

_FORMS = {
    Form.EMAIL: "an e-mail address, such as ann@example.com",
    Form.COUNTRY: "a country code of two letters (ISO 3166-1), such as IT",
    Form.CURRENCY: "a currency code of three letters (ISO 4217), such as EUR",
    Form.REGEX: "a regular expression, such as ^A[0-9]+$",
    Form.TAG_NAME: "letters, digits, _, - and :",
}
_TYPES = {
    ValueType.STRING: "a text without NUL and without half a character (a lone surrogate)",
    ValueType.INTEGER: "a whole number, such as 12",
    ValueType.FLOAT: "a number, such as 12.5",
    ValueType.BOOLEAN: "true or false",
    ValueType.DATETIME: "a date and time (ISO 8601), such as 2026-11-28T17:30:00Z",
    ValueType.OBJECT: 'an object, such as {"color": "red"}',
    ValueType.ARRAY: 'a list, such as ["a", "b"]',
}


def expectation(
    catalogue: Catalogue, resource_type: ResourceType, field: str, message: str
) -> str | None:
    """What a field of a row takes whose value has this error; None where nobody can say.

    `field` is that of the error, such as `line_items.quantity`.
    """
    code = code_of(message)
    if code is None or (said := expected_of(message)) is not None:
        return None if code is None else said
    declared = resource_type
    *holders, name = field.split(".")
    for holder in holders:
        relationship = _relationship(declared, holder)
        target = None if relationship is None else catalogue.types.get(relationship.targets[0])
        if target is None:
            return _of_value(catalogue, declared, holder, code)  # a key of `metadata`, say
        declared = target
    if code in (ErrorCode.MUST_EXIST, ErrorCode.NO_SUCH_CODE):
        return _of_target(catalogue, declared, name)
    return _of_value(catalogue, declared, name, code)


def _of_value(
    catalogue: Catalogue, declared: ResourceType, name: str, code: ErrorCode
) -> str | None:
    if code in LEAVES_OPEN or code is ErrorCode.BLANK:
        expected = _of_field(catalogue, declared, name)
        is_any_text = expected == _TYPES[ValueType.STRING]
        return None if code is ErrorCode.BLANK and is_any_text else expected
    if code is ErrorCode.NOT_AN_INTEGER:
        return _TYPES[ValueType.INTEGER]
    if code is not ErrorCode.NOT_A_NUMBER:
        return None
    is_whole = _of_field(catalogue, declared, name) == _TYPES[ValueType.INTEGER]
    return _TYPES[ValueType.INTEGER] if is_whole else "a number, such as 12"


def _of_target(catalogue: Catalogue, declared: ResourceType, name: str) -> str | None:
    """What names a record that a row may refer to."""
    if name == "id":
        return f"the id of one of the {words(declared.name)}"
    namings = [each.names for each in declared.attributes if each.names is not None]
    relationship = _relationship(declared, name)
    if relationship is None:
        of_field = [each for each in namings if each.error_field == name]
        return _one_of([each.attribute for each in of_field], [each.target for each in of_field])
    keys = [each.attribute for each in namings if each.relationship == name]
    if is_named_by_keys(catalogue, declared, relationship):
        keys += (each for each in key_names(catalogue, relationship) if "." not in each)
    return _one_of(["id", *(["name"] if relationship.linked else keys)], relationship.targets)


def _one_of(keys: Sequence[str], targets: Sequence[str]) -> str | None:
    """`the id or code of one of the skus`"""
    if not keys:
        return None
    named = " or ".join(dict.fromkeys(each.replace("_", " ") for each in keys))
    return f"the {named} of one of the {' or '.join(map(words, targets))}"


def _of_field(catalogue: Catalogue, declared: ResourceType, name: str) -> str | None:
    attribute = next((each for each in declared.attributes if each.name == name), None)
    if attribute is not None:
        return _of_attribute(catalogue, attribute)
    relationship = _relationship(declared, name)
    if relationship is not None:
        return _of_relationship(relationship)
    trigger = next((each for each in declared.triggers if each.name == name), None)
    return None if trigger is None else _TYPES[trigger.type]


def _of_attribute(catalogue: Catalogue, attribute: Attribute) -> str:
    naming = attribute.names
    if naming is not None and naming.create:
        target = catalogue.types[naming.target].attributes
        attribute = next(each for each in target if each.name == naming.attribute)
    if attribute.enum:
        return _choices(attribute.enum)
    if attribute.form is not None:
        return _FORMS[attribute.form]
    return _TYPES[attribute.type]


def _of_relationship(relationship: Relationship) -> str:
    if relationship.linked:
        return "names of tags: in CSV separated by commas, in JSON a list of objects with a name"
    if relationship.kind is Kind.TO_MANY:
        return f"a list of {words(relationship.targets[0])}, each an object"
    return "an object with the fields of the record, or null"


def _choices(choices: Iterable[str]) -> str:
    named = list(choices)
    listed = ", ".join(named[:_CHOICES_MAX])
    return f"one of {listed}" + (", ..." if len(named) > _CHOICES_MAX else "")


def _relationship(declared: ResourceType, name: str) -> Relationship | None:
    return next((each for each in declared.relationships if each.name == name), None)
