"""Filters through relationships, against records that are followed one by one.

A shop is filled from the templates of all types. Then each name of one and of two relationships is
asked for (`first_second_id_null`, `first_second_id_eq`), and compared with what is found by going
from record to record. All names are compiled; which of them are asked is drawn, but for those with
a relationship that is only a path, which are all asked.
"""

import os
import random
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from longshore.assembly import open_longshore
from longshore.catalogue import Catalogue, Relationship, ResourceType, load_catalogue
from longshore.database import Transaction
from longshore.records import FilterRefused
from longshore.records.filters import field_paths, target_families
from longshore.settings import Settings
from tests.behaviour.reading.shop import Shop

CATALOGUE = load_catalogue()
ASKED = 150 if os.environ.get("HYPOTHESIS_PROFILE") != "long" else 100_000

Way = tuple[Relationship, ...]


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    folder: Path = tmp_path_factory.mktemp("shop")
    with open_longshore(Settings(data=folder)) as longshore:
        shop = Shop(longshore, folder)
        assert not any(shop.fill(shop.catalogue.creatable).values())
        yield shop


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


def followed(
    shop: Shop, tx: Transaction, resource_type: str, key: int, way: Sequence[Relationship]
) -> list[int | None]:
    """The ids at the end of a way from one record; None where it ends too early, as a row of outer
    joins has it.
    """
    if not way:
        return [key]
    first, *rest = way
    links = shop.reader.links(tx, resource_type, first.name, [key], limit=1000)
    if not links:
        return [None]
    return [end for _, table, target in links for end in followed(shop, tx, table, target, rest)]


def is_meant(catalogue: Catalogue, resource_type: str, way: Way) -> bool:
    """Whether the name means this way, and no other field or relationship."""
    paths = field_paths(catalogue, catalogue.types[resource_type], f"{key_of(way)}_id")
    return len(paths) == 1 and tuple(step.relationship for step in paths[0].steps) == way


def test_every_name_of_two_relationships_can_be_asked_or_is_refused(shop: Shop) -> None:
    with shop.longshore.database.read() as tx:
        for resource_type, way in random.Random(1).sample(list(names()), 400):
            for suffix in ("id_null", "id_not_null"):
                try:
                    shop.reader.count(
                        tx, resource_type, filters=[(f"{key_of(way)}_{suffix}", "true")]
                    )
                except FilterRefused:
                    assert not is_meant(CATALOGUE, resource_type, way)


def test_filters_find_what_following_the_relationships_finds(shop: Shop) -> None:
    seed = random.randrange(1 << 32)
    print(f"seed {seed}")  # noqa: T201
    meant = [each for each in names() if is_meant(CATALOGUE, *each)]
    spelled_out = [each for each in meant if any(step.path for step in each[1])]
    assert len(spelled_out) > 50
    drawn = random.Random(seed).sample(meant, min(ASKED, len(meant)))
    with shop.longshore.database.read() as tx:
        for resource_type, way in (*spelled_out, *drawn):
            found = shop.reader.find_ids(tx, resource_type)
            ends = {key: followed(shop, tx, resource_type, key, way) for key in found}
            name = f"{key_of(way)}_id"
            asked = [
                (f"{name}_null", "true", [key for key, each in ends.items() if None in each]),
                (f"{name}_not_null", "true", [key for key, each in ends.items() if any(each)]),
            ]
            some = next((end for each in ends.values() for end in each if end), None)
            if some is not None:
                public = shop.longshore.public_ids.encode(some)
                asked.append(
                    (f"{name}_eq", public, [key for key, each in ends.items() if some in each])
                )
            for key, value, expected in asked:
                answered = shop.reader.find_ids(tx, resource_type, filters=[(key, value)])
                assert answered == expected, (resource_type, key, value)
