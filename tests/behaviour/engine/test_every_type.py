"""For rows of every type, where chunks end does not matter, and a dry run knows what will happen.

Rows are made from the templates, which import as they stand: keys repeat, fields are missing, null
or wrong, relationships lead nowhere. What becomes of them is told by two copies of one data folder,
in which records get the same ids: one imports row by row, the other foresees and then imports.
"""

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from longshore.assembly import open_longshore
from longshore.catalogue import Key, is_named_by_keys, keys_of_target, load_catalogue
from longshore.settings import Settings
from longshore.templates import template_row
from tests.behaviour.engine.organization import SOMEBODY, Organization, by_row
from tests.property.snapshot import stored_contents

CATALOGUE = load_catalogue()
Row = Mapping[str, Any]

# What a value of a template is exchanged for, by the type that it has there.
OTHERS: Mapping[type, tuple[object, ...]] = {
    str: ("A", " A ", "EXAMPLE-1", "example-1", "a@example.com", "", None, "x" * 600, "a\0", 7),
    int: (0, 1, 2, "3", -1, None, "x", 1.5, 2**63),
    float: (0.5, "2", None, "x"),
    bool: (True, False, "yes", 0, None, "maybe"),
    dict: ({}, {"a": 1}, None, "x"),
    list: ([], None, "x", [5]),
}


@dataclass(frozen=True, slots=True)
class Filled:
    """A data folder with a record of every type, and a row of each that imports."""

    folder: Path
    rows: Mapping[str, Row]


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Filled:
    folder = tmp_path_factory.mktemp("filled") / "data"
    with open_longshore(Settings(data=folder)) as longshore:
        everything = Organization(longshore, longshore.organizations.environment("default", "test"))
        rows: dict[str, Row] = {}
        for resource_type in CATALOGUE.creatable:
            _fill(everything, resource_type, rows)
    return Filled(folder, rows)


def _fill(organization: Organization, resource_type: str, rows: dict[str, Row]) -> None:
    """A record of a type, after those that it waits for."""
    if resource_type in rows:
        return
    rows[resource_type] = {}
    for awaited in _template(organization, resource_type).missing:
        _fill(organization, awaited, rows)
    row = rows[resource_type] = _template(organization, resource_type).row
    assert organization.load(resource_type, [row]).errors == {}


def _template(organization: Organization, resource_type: str) -> Any:
    with organization.longshore.database.read() as tx:
        return template_row(
            CATALOGUE, resource_type, organization.reader, tx, organization.environment
        )


@st.composite
def varied(draw: st.DrawFn, template: Row) -> dict[str, Any]:
    """A row like the template, of which up to three fields say something else or nothing."""
    row = dict(template)
    for name in draw(st.lists(st.sampled_from(sorted(row)), max_size=3, unique=True)):
        value = row[name]
        holds_rows = isinstance(value, list) and value and isinstance(value[0], dict)
        if holds_rows and draw(st.booleans()):
            row[name] = draw(st.lists(varied(value[0]), max_size=3))
        elif name.endswith("_id"):
            row[name] = draw(st.sampled_from(["nowhere", None, "", 5]))
        elif draw(st.integers(0, 3)) == 0:
            del row[name]
        else:
            row[name] = draw(st.sampled_from(OTHERS[type(value)]))
    return row


@settings(max_examples=30)
@given(st.sampled_from(CATALOGUE.creatable), st.sampled_from([2, 3, 2000]), st.data())
def test_chunks_and_dry_runs_agree_for_every_type(
    filled: Filled, resource_type: str, chunk_rows: int, data: st.DataObject
) -> None:
    rows = data.draw(st.lists(varied(filled.rows[resource_type]), min_size=1, max_size=6))
    one_by_one = imported(filled, resource_type, rows, chunk_rows=1, foresees=False)
    assert imported(filled, resource_type, rows, chunk_rows=chunk_rows, foresees=True) == one_by_one


def test_every_target_of_every_importable_type_is_named_by_each_of_its_keys(filled: Filled) -> None:
    folder = filled.folder.with_name("named")
    shutil.copytree(filled.folder, folder)
    named = 0
    with open_longshore(Settings(data=folder)) as longshore:
        copy = Organization(longshore, longshore.organizations.environment("default", "test"))
        _give_names_of_their_own(copy)
        for resource_type in CATALOGUE.importable:
            declared = CATALOGUE.types[resource_type]
            for relationship in declared.relationships:
                if not is_named_by_keys(CATALOGUE, declared, relationship):
                    continue
                field = f"{relationship.name}_id"
                for target in CATALOGUE.targets_of(relationship):
                    stored = copy.all(target)
                    if not stored:
                        continue
                    others = {field, f"{relationship.name}_code", f"{relationship.name}_type"}
                    row = {
                        name: value
                        for name, value in filled.rows[resource_type].items()
                        if name not in others
                    }
                    for key in keys_of_target(CATALOGUE, CATALOGUE.types[target]):
                        keys = fields_of(copy, target, stored[0], key)
                        if keys is None:
                            continue
                        if relationship.polymorphic:
                            keys["type"] = target
                        if not relationship.updatable and "reference" in row:
                            row["reference"] = f"new {named}"  # or it would be a stored record
                        outcome = copy.load(resource_type, [{**row, relationship.name: keys}])
                        if not key.unique and "ambiguous" in str(outcome.errors):
                            # Rows of types that were gone through before have made another one.
                            assert stored[0]["id"] in str(outcome.errors)
                            continue
                        assert outcome.errors == {}, (resource_type, relationship.name, keys)
                        ids = copy.values(resource_type, field)
                        assert stored[0]["id"] in ids, (resource_type, relationship.name, keys)
                        named += 1
    shutil.rmtree(folder)
    assert named > 50


def _give_names_of_their_own(organization: Organization) -> None:
    """Templates call everything alike."""
    for resource_type in CATALOGUE.creatable:
        parts = [part for key in CATALOGUE.types[resource_type].keys for part in key.parts]
        if "name" in parts:
            for record in organization.all(resource_type)[:1]:
                done = organization.writer.update(
                    organization.environment,
                    resource_type,
                    organization.inside(record["id"]),
                    {"name": f"one_of_{resource_type}"[:25]},
                    creator=SOMEBODY,
                )
                assert not done.findings


def fields_of(
    organization: Organization, name: str, record: Row, key: Key
) -> dict[str, Any] | None:
    """The fields of a record that make a key, as an object; None where it has none."""
    fields: dict[str, Any] = {}
    links = {each.name: each for each in CATALOGUE.types[name].relationships}
    for part in key.parts:
        if part in links:
            id = record[f"{part}_id"]
            if id is None:
                fields[part] = None
                continue
            targets = CATALOGUE.targets_of(links[part])
            target, held = next(
                (each, held)
                for each in targets
                for held in organization.all(each)
                if held["id"] == id
            )
            inner = keys_of_target(CATALOGUE, CATALOGUE.types[target])
            found = (fields_of(organization, target, held, each) for each in inner)
            fields[part] = next(each for each in found if each is not None)
        elif part != "type":
            if record[part] is None:
                return None
            fields[part] = record[part]
    return fields


def imported(
    filled: Filled, resource_type: str, rows: Sequence[Row], *, chunk_rows: int, foresees: bool
) -> tuple[object, ...]:
    """What an import tells and leaves in a copy of the folder."""
    folder = filled.folder.with_name("copy")
    shutil.copytree(filled.folder, folder)
    try:
        with open_longshore(Settings(data=folder)) as longshore:
            copy = Organization(longshore, longshore.organizations.environment("default", "test"))
            copy = copy.in_chunks(chunk_rows)
            foreseen = copy.dry_run(resource_type, rows) if foresees else None
            outcome = copy.load(resource_type, rows)
            if foreseen is not None:
                counts = (foreseen.created, foreseen.updated, foreseen.unchanged, foreseen.failed)
                assert (counts, by_row(foreseen.errors)) == (outcome.counts, outcome.errors)
            number = copy.environment.number
            contents = stored_contents(longshore.database, CATALOGUE, number)
            return outcome.counts, outcome.errors, outcome.changes, contents
    finally:
        shutil.rmtree(folder)
