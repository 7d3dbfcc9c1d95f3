"""Mappings under names, on every database: versions, bounds, and the border of environments."""

from dataclasses import replace

import pytest

from longshore.access import Environment, ensure_environment
from longshore.catalogue import load_catalogue
from longshore.database import Database
from longshore.errors import PermanentError, RequestRefused
from longshore.mapping import MappingDocument, read_mapping, read_shape
from longshore.operations import (
    Asker,
    MappingNameTaken,
    NoSuchMapping,
    Organizations,
    SavedMappings,
)
from longshore.saved_mappings import NAMES_MAX, VERSIONS_KEPT
from longshore.saved_mappings.tables import saved_mappings
from longshore.sources import AttachmentStore


def document(column: str = "Title", **values: object) -> MappingDocument:
    return read_mapping({"version": 1, "fields": {"name": column}, **values})


@pytest.fixture
def mappings(database: Database) -> SavedMappings:
    return SavedMappings(database, load_catalogue(), read_seconds=30)


@pytest.fixture
def asker(environment: Environment) -> Asker:
    return Asker(environment=environment)


def test_each_save_makes_a_version_and_the_same_again_none(mappings, asker) -> None:
    first, is_new = mappings.save(asker, "supplier", document())
    assert (first.version, is_new, first.document) == (1, True, document())
    same, is_new = mappings.save(asker, "supplier", document())
    assert (same, is_new) == (first, False)
    second, is_new = mappings.save(asker, "supplier", document("Name", type="skus"))
    assert (second.version, is_new) == (2, True)
    assert mappings.find(asker, "supplier") == second
    assert mappings.find(asker, "supplier", 1) == first
    assert [each.version for each in mappings.versions(asker, "supplier")] == [2, 1]


def test_a_name_takes_all_versions_along(mappings, asker) -> None:
    for column in ("Title", "Name", "Label"):
        mappings.save(asker, "before", document(column))
    kept = [mappings.find(asker, "before", version) for version in (1, 2, 3)]
    mappings.save(asker, "taken", document())
    with pytest.raises(MappingNameTaken, match="there is a mapping 'taken'"):
        mappings.rename(asker, "before", "taken")
    with pytest.raises(MappingNameTaken):
        mappings.rename(asker, "before", "before")
    with pytest.raises(RequestRefused, match="cannot be called"):
        mappings.rename(asker, "before", "a b")
    with pytest.raises(NoSuchMapping):
        mappings.rename(asker, "nothing", "after")
    assert len(mappings.versions(asker, "before")) == 3
    mappings.rename(asker, "before", "after")
    found = [mappings.find(asker, "after", version) for version in (1, 2, 3)]
    assert found == [replace(each, name="after") for each in kept]
    assert mappings.save(asker, "after", document("Text"))[0].version == 4
    with pytest.raises(NoSuchMapping):
        mappings.find(asker, "before")


def test_a_copy_is_one_version(mappings, asker) -> None:
    first, _ = mappings.save(asker, "a", document(), read_shape({"columns": ["Title"]}))
    mappings.save(asker, "a", document("Name"))
    copied = mappings.copy(asker, first, "b")
    assert (copied.version, copied.document, copied.shape) == (1, first.document, first.shape)
    assert len(mappings.versions(asker, "a")) == 2
    with pytest.raises(MappingNameTaken):
        mappings.copy(asker, first, "a")


def test_lists_go_by_name_and_have_the_newest_version(mappings, asker) -> None:
    for name in ("b", "a", "B"):
        mappings.save(asker, name, document())
    mappings.save(asker, "a", document(type="skus"))
    assert [(each.name, each.version, each.resource_type) for each in mappings.list(asker)] == [
        ("B", 1, None),
        ("a", 2, "skus"),
        ("b", 1, None),
    ]
    assert {each.fields_count for each in mappings.list(asker)} == {1}


def test_what_the_file_looked_like_stays_as_long_as_it_fits(mappings, asker) -> None:
    shape = read_shape({"columns": ["Title", "Price"]})
    assert mappings.save(asker, "a", document(), shape)[0].shape == shape
    assert mappings.save(asker, "a", document("Price"))[0].shape == shape
    assert mappings.save(asker, "a", document("Other"))[0].shape is None


def test_other_environments_see_nothing_of_it(database, mappings, asker) -> None:
    mappings.save(asker, "a", document())
    for slug, mode in (("default", "live"), ("other", "test")):
        other = Asker(environment=ensure_environment(database, slug, mode))
        assert mappings.list(other) == []
        with pytest.raises(NoSuchMapping, match="there is no mapping 'a'"):
            mappings.find(other, "a")
        with pytest.raises(NoSuchMapping):
            mappings.versions(other, "a")
        with pytest.raises(NoSuchMapping):
            mappings.delete(other, "a")
        with pytest.raises(NoSuchMapping):
            mappings.change(other, "a", document("x"), None)
        mappings.save(other, "a", document("Their own"))
    assert mappings.find(asker, "a").document == document()


def test_a_deleted_mapping_is_gone_with_all_versions(mappings, asker) -> None:
    mappings.save(asker, "a", document())
    mappings.save(asker, "a", document("b"))
    mappings.delete(asker, "a")
    assert mappings.list(asker) == []
    with pytest.raises(NoSuchMapping):
        mappings.delete(asker, "a")
    assert mappings.save(asker, "a", document())[0].version == 1


def test_a_name_that_is_nearly_right_is_suggested(mappings, asker) -> None:
    mappings.save(asker, "supplier", document())
    with pytest.raises(NoSuchMapping) as refused:
        mappings.find(asker, "suplier")
    assert refused.value.hint == "did you mean supplier?"
    with pytest.raises(NoSuchMapping, match="has no version 7") as refused:
        mappings.find(asker, "supplier", 7)
    assert str(refused.value.hint).startswith("the newest is 1")


def test_a_name_can_be_created_once(mappings, asker) -> None:
    mappings.create(asker, "a", document(), None, lambda _saved: b"")
    with pytest.raises(MappingNameTaken):
        mappings.create(asker, "a", document("b"), None, lambda _saved: b"")


@pytest.mark.parametrize("name", ["", "a b", "-a", "a/b", "ä", "a" * 101, "map.toml", "m.JSON"])
def test_names_that_cannot_be(mappings, asker, name: str) -> None:
    with pytest.raises(RequestRefused, match="a mapping cannot be called"):
        mappings.save(asker, name, document())


def test_documents_that_cannot_be_saved(mappings, asker) -> None:
    with pytest.raises(RequestRefused, match="no such resource type"):
        mappings.save(asker, "a", document(type="sku"))
    with pytest.raises(RequestRefused, match="NUL"):
        mappings.save(asker, "a", document("a\0b"))
    long = document(ignore=["x" * 1_000 + str(number) for number in range(1_100)])
    with pytest.raises(RequestRefused, match="at most 1,048,576 are saved"):
        mappings.save(asker, "a", long)
    assert mappings.list(asker) == []


def test_old_versions_are_forgotten(database, mappings, asker) -> None:
    for number in range(VERSIONS_KEPT + 2):
        mappings.save(asker, "a", document(f"c{number}"))
    kept = [each.version for each in mappings.versions(asker, "a")]
    assert kept == list(range(VERSIONS_KEPT + 2, 2, -1))
    with pytest.raises(NoSuchMapping):
        mappings.find(asker, "a", 2)


def test_there_are_not_more_than_so_many_names(database, mappings, asker) -> None:
    number = asker.environment.number
    with database.write() as tx:
        ids = tx.reserve_ids(number, NAMES_MAX)
        tx.insert(
            "saved_mappings",
            ["id", "environment", "name", "version", "document", "created_at"],
            [(id_, number, f"m{id_}", 1, '{"version": 1}', 0) for id_ in ids],
        )
    with pytest.raises(RequestRefused, match="there are 1,000 mappings"):
        mappings.save(asker, "a", document())
    assert mappings.save(asker, f"m{ids[0]}", document())[0].version == 2


def test_what_a_later_release_saved_is_told_and_does_not_hide_the_others(
    database, mappings, asker
) -> None:
    mappings.save(asker, "a", document())
    with database.write() as tx:
        tx.connection.execute(saved_mappings.update().values(document='{"version": 2}'))
    mappings.save(asker, "b", document())
    assert [each.name for each in mappings.list(asker)] == ["a", "b"]
    with pytest.raises(PermanentError, match="the mapping 'a', version 1, cannot be read"):
        mappings.find(asker, "a")
    mappings.delete(asker, "a")


def test_they_go_with_their_organization(database, mappings, tmp_path) -> None:
    other = Asker(environment=ensure_environment(database, "other", "test"))
    mappings.save(other, "a", document())
    organizations = Organizations(database, AttachmentStore(tmp_path / "attachments"))
    belongings = organizations.belongings("other")
    assert belongings.rows["saved_mappings"] == 1
    organizations.remove(belongings)
    with database.read() as tx:
        assert tx.fetch("SELECT COUNT(*) FROM saved_mappings") == [(0,)]
