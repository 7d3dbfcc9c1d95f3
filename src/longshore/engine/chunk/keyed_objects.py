"""Objects of JSON that name a target by its keys: `{"price_list": {"name": "EU"}}`.

They are laid out as the fields that they mean, which a row may also give one by one with a dot.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from longshore.engine.values.candidate import Finding
from longshore.engine.values.converters import INVALID, given_twice

# The dotted names of what rows give of a target, by its relationship.
KeyedNames = Mapping[str, Mapping[str, int]]


def laid_out(row: Mapping[str, Any], keyed: KeyedNames) -> tuple[Mapping[str, Any], list[Finding]]:
    """A row whose objects with keys of targets stand as fields, and what is wrong with them."""
    findings: list[Finding] = []
    plain = dict(row)
    for relationship, names in keyed.items():
        if relationship not in row:
            continue
        del plain[relationship]
        for name, value in _fields(relationship, row[relationship], names):
            if name not in names:
                findings.append((name, INVALID, value))
            elif name in row:
                findings.append((relationship, given_twice(relationship, name), None))
            else:
                plain[name] = value
    return plain, findings


def _fields(name: str, value: Any, names: Mapping[str, int]) -> Iterator[tuple[str, Any]]:
    """The fields that a value under a name gives; what is no field has no effect."""
    if name in names:
        yield name, value
        return
    inside = [each for each in names if each.startswith(f"{name}.")]
    if isinstance(value, dict):
        for key, below in value.items():
            yield from _fields(f"{name}.{key}", below, names)
    elif inside:
        # Null: there is to be no target.
        yield (inside[0], None) if value is None else (name, value)
