"""The journal is appended to and read back in the order in which things happened."""

import itertools
import json

import pytest

from longshore.database import StatementRefused
from longshore.journal import (
    Actor,
    ActorKind,
    Creation,
    Destroyed,
    NewEntry,
    NewUpdates,
    append_creations,
    append_destructions,
    append_entries,
    append_event,
    append_restores,
    append_updates,
    columns_of,
    created_by_import,
    entries_of_import,
    events_of,
    history_of_record,
)

PAGES = 2500  # entries: more than two pages


def importing(id):
    return Actor(ActorKind.IMPORT, id)


def entry(record_id=7, import_id=1, **values):
    return NewEntry(
        **{
            "environment": 1,
            "import_id": import_id,
            "row_number": 1,
            "table_name": "skus",
            "record_type": "skus",
            "record_id": record_id,
            "event": "update",
            "changes": '{"name": ["Old", "Né"]}',
            "image_id": None,
            "at": 1000,
            "actor_kind": None,
            "actor_id": None,
            **values,
        }
    )


def test_an_entry_is_read_back_as_it_was_appended(database):
    with database.write() as tx:
        append_entries(tx, [entry()])
        append_entries(tx, [])
    with database.read() as tx:
        (update,) = entries_of_import(tx, 1)
    assert update.changes == {"name": ("Old", "Né")}
    assert (update.event, update.record_id, update.row_number, update.at) == ("update", 7, 1, 1000)
    assert update.image is None


def destroyed(record_id, **image):
    return Destroyed(table_name="skus", record_type="skus", record_id=record_id, image=image)


def test_images_of_destroyed_records_are_packed_and_read_back(database):
    """More than are packed together, and more than a page of entries."""
    count = 1300
    records = [destroyed(n, code=f"Né {n}", weight=n / 3, do_not_ship=True) for n in range(count)]
    with database.write() as tx:
        append_destructions(tx, records, environment=1, actor=importing(1))
        append_destructions(tx, [], environment=1, actor=importing(1))
    with database.write() as tx:
        again = destroyed(7, code="again", tags=[1])
        append_destructions(tx, [again], environment=2, actor=importing(2))
    with database.read() as tx:
        found = list(entries_of_import(tx, 1))
        assert [(e.record_id, e.image) for e in found] == [(e.record_id, e.image) for e in records]
        assert {(e.event, e.table_name, e.record_type, e.row_number) for e in found} == {
            ("destroy", "skus", "skus", None)
        }
        first, second = history_of_record(tx, 7)
        assert first.image == {"code": "Né 7", "weight": 7 / 3, "do_not_ship": True}
        assert second.image == {"code": "again", "tags": [1]}
        packed = [(id >> 40, len(data)) for id, data in tx.fetch("SELECT id, packed FROM images")]
    assert [environment for environment, _ in sorted(packed)] == [1, 1, 1, 2]
    assert sum(size for _, size in packed) < count * 30


def test_records_that_come_back_have_entries_that_name_the_destruction(database):
    """Also those whose destruction an older release has stored, and again when it happens again."""
    undo = Actor(ActorKind.UNDO, 9)
    with database.write() as tx:
        append_destructions(
            tx, [destroyed(7, code="A"), destroyed(8, code="B")], environment=1, actor=importing(1)
        )
        (gone,) = history_of_record(tx, 8)
        tx.execute(
            "UPDATE entries SET image_id = NULL, image = ? WHERE id = ?", ('{"code": "B"}', gone.id)
        )
    with database.write() as tx:
        append_restores(tx, list(entries_of_import(tx, 1)), environment=1, actor=undo)
        append_restores(tx, [], environment=1, actor=undo)
        append_destructions(tx, [destroyed(7, code="C")], environment=1, actor=importing(2))
    with database.write() as tx:
        append_restores(tx, list(entries_of_import(tx, 2)), environment=1, actor=undo)
    with database.read() as tx:
        first, back, second, again = history_of_record(tx, 7)
        assert [each.event for each in (first, back, second, again)] == [
            "destroy", "restore", "destroy", "restore"
        ]  # fmt: skip
        assert (back.restores, again.restores, first.restores) == (first.id, second.id, None)
        assert [each.image for each in (back, again)] == [{"code": "A"}, {"code": "C"}]
        assert (back.actor, back.changes, back.record_type) == (undo, {}, "skus")
        _, restored = history_of_record(tx, 8)
        assert (restored.event, restored.image) == ("restore", {"code": "B"})


def test_only_a_destruction_is_taken_back(database):
    with database.write() as tx:
        append_entries(tx, [entry()])
        with pytest.raises(AssertionError):
            append_restores(tx, list(entries_of_import(tx, 1)), environment=1, actor=importing(2))


def test_images_of_releases_before_are_read(database):
    with database.write() as tx:
        append_entries(tx, [entry(event="destroy", changes="{}", row_number=None)])
        tx.execute("UPDATE entries SET image = ?", ('{"code": "A"}',))
    with database.read() as tx:
        (found,) = history_of_record(tx, 7)
    assert found.image == {"code": "A"}


def test_updates_of_a_chunk_are_entries_in_their_order(database):
    count = 300
    updates = NewUpdates(
        row_numbers=range(1, count + 1),
        table_names=["skus"] * count,
        record_types=["skus", "bundles"] * (count // 2),
        record_ids=[7] * count,
        changes=[f'{{"name": [null, "Né \\\\ {n}"]}}' for n in range(count)],
    )
    nothing = NewUpdates(row_numbers=[], table_names=[], record_types=[], record_ids=[], changes=[])
    with database.write() as tx:
        append_updates(tx, updates, environment=1, actor=importing(2), at=1000)
        append_updates(tx, nothing, environment=1, actor=importing(2), at=1000)
    with database.read() as tx:
        found = list(entries_of_import(tx, 2))
    assert [e.row_number for e in found] == list(range(1, count + 1))
    assert [e.changes for e in found] == [{"name": (None, f"Né \\ {n}")} for n in range(count)]
    assert [e.record_type for e in found] == updates.record_types
    assert {(e.environment, e.event, e.table_name, e.record_id, e.image, e.at) for e in found} == {
        (1, "update", "skus", 7, None, 1000)
    }


def test_who_did_it_is_stored_with_it(database):
    """An entry of an import names it; any other one names its actor, and an application also where
    releases without actors look for it."""
    actors = [
        importing(5),
        Actor(ActorKind.APPLICATION, 6),
        Actor(ActorKind.TERMINAL),
        Actor(ActorKind.UNDO, 7),
        Actor(ActorKind.MIGRATION, 17),
    ]
    updates = NewUpdates(
        row_numbers=[1], table_names=["skus"], record_types=["skus"], record_ids=[1], changes=["{}"]
    )
    with database.write() as tx:
        for actor in actors:
            append_updates(tx, updates, environment=1, actor=actor, at=1000)
            append_entries(tx, [entry(2, **columns_of(actor))])
            append_destructions(tx, [destroyed(3)], environment=1, actor=actor)
            append_event(tx, environment=1, name="x", resource_type="y", resource_id=4, actor=actor)
    with database.read() as tx:
        for record in (1, 2, 3):
            found = list(history_of_record(tx, record))
            assert [each.actor for each in found] == [Actor(None, 5), *actors[1:]]
            assert [each.import_id for each in found] == [5, 6, None, None, None]
        assert [event.actor for event in events_of(tx, 4)] == actors
        assert tx.fetch("SELECT application_id FROM events ORDER BY id") == [
            (None,), (6,), (None,), (None,), (None,)
        ]  # fmt: skip


def test_who_did_it_is_told_of_what_releases_without_actors_have_stored(database):
    with database.write() as tx:
        append_entries(tx, [entry(1, 5), entry(1, None)])
        for _ in range(2):
            append_event(tx, environment=1, name="x", resource_type="y", resource_id=4)
        tx.execute("UPDATE events SET application_id = 6 WHERE id = (SELECT max(id) FROM events)")
    with database.read() as tx:
        implied = [Actor(None, 5), Actor(ActorKind.MIGRATION, 6)]
        assert [each.actor for each in history_of_record(tx, 1)] == implied
        assert [each.actor for each in events_of(tx, 4)] == [None, Actor(ActorKind.APPLICATION, 6)]


def test_entries_are_found_by_import_and_by_record(database):
    with database.write() as tx:
        append_entries(
            tx, [entry(1, 10), entry(2, 10), entry(1, 11), entry(1, None, row_number=None)]
        )
    with database.read() as tx:
        assert [e.record_id for e in entries_of_import(tx, 10)] == [1, 2]
        assert [e.import_id for e in history_of_record(tx, 1)] == [10, 11, None]
        assert list(entries_of_import(tx, 12)) == []


def test_a_long_history_is_read_in_pages_and_in_order(database):
    with database.write() as tx:
        append_entries(tx, [entry(n, row_number=n) for n in range(1, PAGES + 1)])
    with database.read() as tx:
        found = list(entries_of_import(tx, 1))
        assert [e.row_number for e in found] == list(range(1, PAGES + 1))
        first = list(itertools.islice(entries_of_import(tx, 1), 10))
        rest = entries_of_import(tx, 1, after_id=first[-1].id, limit=1500)
        assert [e.row_number for e in rest] == list(range(11, 1511))
        assert list(entries_of_import(tx, 1, limit=0)) == []


def test_an_event_of_an_entry_is_an_update_or_a_destroy(database):
    with pytest.raises(StatementRefused, match="ck_entries_event"), database.write() as tx:
        append_entries(tx, [entry(event="create")])


def test_what_an_import_created_is_known_as_ranges_of_ids(database):
    ranges = [
        Creation(1, "skus", 10, 20, 1000),
        Creation(1, "tags", 12, 12, 1000),
        Creation(1, "skus", 21, 30, 2000),
    ]
    with database.write() as tx:
        append_creations(tx, ranges)
        append_creations(tx, [Creation(2, "skus", 31, 31, 3000)])
        append_creations(tx, [])
    with database.read() as tx:
        assert list(created_by_import(tx, 1)) == ranges
        assert list(created_by_import(tx, 3)) == []


def test_a_range_that_ends_before_it_starts_is_refused(database):
    def append():
        with database.write() as tx:
            append_creations(tx, [Creation(1, "skus", 10, 9, 1000)])

    with pytest.raises(StatementRefused, match="range"):
        append()


def test_events_tell_what_happened_to_a_resource_in_order(database):
    with database.write() as tx:
        for name in ("imports.create", "imports.start"):
            append_event(tx, environment=1, name=name, resource_type="imports", resource_id=5)
        append_event(
            tx,
            environment=1,
            name="imports.complete",
            resource_type="imports",
            resource_id=5,
            payload={"rows": 3},
        )
        append_event(
            tx, environment=1, name="imports.create", resource_type="imports", resource_id=6
        )
        now = tx.now()
    with database.read() as tx:
        events = list(events_of(tx, 5))
        assert [e.name for e in events] == ["imports.create", "imports.start", "imports.complete"]
        assert [e.payload for e in events] == [{}, {}, {"rows": 3}]
        assert {e.at for e in events} == {now}
        assert [e.name for e in events_of(tx, 5, after_id=events[0].id, limit=1)] == [
            "imports.start"
        ]


def test_a_payload_keeps_every_text(database):
    payload = {"name": "Ünïcode \U0001f6a2", "quote": '"'}
    with database.write() as tx:
        append_event(
            tx, environment=1, name="x", resource_type="skus", resource_id=1, payload=payload
        )
    with database.read() as tx:
        (event,) = events_of(tx, 1)
        ((stored,),) = tx.fetch("SELECT payload FROM events")
    assert event.payload == json.loads(stored) == payload
