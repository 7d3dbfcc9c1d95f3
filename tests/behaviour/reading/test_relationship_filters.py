"""Filters through relationships, against records that are followed one by one.

Every table gets a few records, linked at random, many of them to nothing. Then each name of one and
of two relationships is asked for (`first_second_id_null`), and compared with what is found by going
from record to record. Other matchers are asked of all names of one relationship, of those with a
relationship that is only a path, and of some that are drawn.
"""

import os
import random
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

import pytest
from sqlalchemy import update

from longshore.access import ensure_environment
from longshore.catalogue import Catalogue, Relationship, ResourceType, load_catalogue
from longshore.copying.order import tables_in_order
from longshore.database import Database, Transaction
from longshore.records.expressions import find_relationship
from longshore.records.filters import field_paths, target_families
from longshore.settings import Settings
from tests.behaviour.reading.factory import TABLES, Records

CATALOGUE = load_catalogue()
ASKED = 100 if os.environ.get("HYPOTHESIS_PROFILE") != "long" else 100_000
EACH = 4  # records of a table, or one for each of its types

Way = tuple[Relationship, ...]


@pytest.fixture(scope="module")
def seed() -> int:
    seed = random.randrange(1 << 32)
    print(f"seed {seed}")  # noqa: T201
    return seed


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory, seed: int) -> Iterator[Records]:
    with Database.open(tmp_path_factory.mktemp("shop"), Settings()) as database:
        records = Records(database, ensure_environment(database))
        fill(records, random.Random(seed))
        yield records


def fill(records: Records, chance: random.Random) -> None:
    """Records of every type; their links are written afterwards, as they go round in circles."""
    known: dict[str, list[tuple[int, str]]] = {}  # ids and types by table
    linked: dict[str, dict[str, Relationship]] = {}
    for declared in CATALOGUE.types.values():
        for each in declared.relationships:
            if each.has_column:
                linked.setdefault(declared.table, {})[each.name] = each
    names = [each.name for each in tables_in_order() if each.name in CATALOGUE.tables]
    for name in names:
        types = CATALOGUE.concrete_types(name)
        rows = []
        for number in range(max(EACH, len(types))):
            row: dict[str, Any] = {"metadata": "{}"} if "metadata" in TABLES[name].c else {}
            if "type" in TABLES[name].c:
                row["type"] = types[number % len(types)]
            rows.append(row)
        known[name] = [(records.add(name, **row), row.get("type", name)) for row in rows]
    with records.database.write() as tx:
        for name in names:
            for id_, _ in known[name]:
                table = TABLES[name]
                values = links_of(linked.get(name, {}), known, chance)
                values = {column: each for column, each in values.items() if column in table.c}
                if values:
                    tx.connection.execute(update(table).where(table.c.id == id_).values(values))
        tags = [id_ for id_, _ in known["tags"]]
        rows = [
            {"record_id": id_, "tag_id": tag}
            for name in names
            for id_, _ in known[name]
            for tag in chance.sample(tags, chance.randrange(3))
        ]
        tx.connection.execute(TABLES.taggings.insert(), rows)


def links_of(
    relationships: dict[str, Relationship],
    known: dict[str, list[tuple[int, str]]],
    chance: random.Random,
) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for relationship in relationships.values():
        targets = [
            (id_, type_)
            for table, types in target_families(CATALOGUE, relationship).items()
            for id_, type_ in known[table]
            if table in types or type_ in types
        ]
        if not targets or chance.random() < 0.4:
            continue
        id_, type_ = chance.choice(targets)
        values[f"{relationship.name}_id"] = id_
        kind = relationship.type_attribute or f"{relationship.name}_type"
        if relationship.polymorphic:
            values[kind] = type_
    return values


def ways(declared: ResourceType) -> Iterator[Way]:
    """One and two relationships from a type that lead to one table each."""
    for first in declared.relationships:
        families = target_families(CATALOGUE, first)
        if not first.filterable or len(families) != 1:
            continue
        yield (first,)
        (family,) = families
        for second in CATALOGUE.types[family].relationships:
            if second.filterable and len(target_families(CATALOGUE, second)) == 1:
                yield first, second


def names() -> Iterator[tuple[str, Way]]:
    for declared in CATALOGUE.types.values():
        if declared.table in CATALOGUE.tables:
            yield from ((declared.name, way) for way in ways(declared))


def key_of(way: Way) -> str:
    return "_".join(each.name for each in way)


def spelled_out(resource_type: str, relationship: Relationship) -> Iterator[Relationship]:
    """The relationships of a path, those that are paths themselves as they are."""
    declared = CATALOGUE.types[resource_type]
    for name in relationship.path:
        step = find_relationship(declared, name)
        yield step
        declared = next(
            (CATALOGUE.types[each] for each in step.targets if each in CATALOGUE.types), declared
        )


class Follower:
    """Goes from record to record, each link read once."""

    def __init__(self, records: Records, tx: Transaction) -> None:
        self._reader, self._tx = records.reader, tx
        self._links = cache(self._read_links)

    def ends(self, resource_type: str, key: int, way: Sequence[Relationship]) -> list[int | None]:
        """The ids at the end of a way from one record; None where it ends too early, as a row of
        outer joins has it.
        """
        if not way:
            return [key]
        first, *rest = way
        if first.path:
            # A record on the way that leads nowhere is an end, too.
            return self.ends(resource_type, key, [*spelled_out(resource_type, first), *rest])
        links = self._links(resource_type, first.name).get(key)
        if not links:
            return [None]
        (only, *others) = first.targets
        return [
            end
            for table, target in links
            for end in self.ends(table if others else only, target, rest)
        ]

    def _read_links(self, resource_type: str, name: str) -> dict[int, list[tuple[str, int]]]:
        found: dict[int, list[tuple[str, int]]] = {}
        keys = self._reader.find_ids(self._tx, resource_type)
        for owner, table, target in self._reader.links(
            self._tx, resource_type, name, keys, limit=1000
        ):
            found.setdefault(owner, []).append((table, target))
        return found


def is_meant(catalogue: Catalogue, resource_type: str, way: Way) -> bool:
    """Whether the name means this way, and no other field or relationship."""
    paths = field_paths(catalogue, catalogue.types[resource_type], f"{key_of(way)}_id")
    return len(paths) == 1 and tuple(step.relationship for step in paths[0].steps) == way


def test_filters_find_what_following_the_relationships_finds(records: Records, seed: int) -> None:
    asked = [*names()]
    assert len(asked) > 1000
    assert all(is_meant(CATALOGUE, *each) for each in asked)
    drawn = {id(each) for each in random.Random(seed).sample(asked, min(ASKED, len(asked)))}
    found_some = 0
    with records.database.read() as tx:
        follower = Follower(records, tx)
        for each in asked:
            resource_type, way = each
            keys = records.reader.find_ids(tx, resource_type)
            ends = {key: follower.ends(resource_type, key, way) for key in keys}
            name = f"{key_of(way)}_id"
            questions = [(f"{name}_null", "true", [key for key in keys if None in ends[key]])]
            if len(way) == 1 or any(step.path for step in way) or id(each) in drawn:
                questions.append(
                    (f"{name}_not_null", "true", [key for key in keys if any(ends[key])])
                )
                some = next((end for key in keys for end in ends[key] if end), None)
                if some is not None:
                    found_some += 1
                    meant = [key for key in keys if some in ends[key]]
                    questions.append((f"{name}_eq", records.public(some), meant))
            for key, value, expected in questions:
                answered = records.reader.find_ids(tx, resource_type, filters=[(key, value)])
                assert answered == expected, (resource_type, key, value)
    assert found_some > 200
