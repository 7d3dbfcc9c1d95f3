"""A source is stored once, whole or not at all, and read again from anywhere."""

import gzip
import hashlib
import io
import json
import os
import resource
import stat
import zlib
from pathlib import Path

import pytest

from longshore.errors import RequestRefused
from longshore.readers import Format, Layout, Position, UnreadableSource
from longshore.sources import (
    AttachmentDamaged,
    AttachmentMissing,
    AttachmentNotWritable,
    AttachmentStore,
    AttachmentStoreFull,
    Source,
    StoredAttachment,
)
from tests.behaviour.sources.places import FolderPlace, Place

ROWS_COUNT = 60_000
CSV = b"code,name\n" + b"".join(
    b"SKU%06d,%s\n" % (number, b'"two\nlines"' if number % 7 == 0 else b"a name of some length")
    for number in range(ROWS_COUNT)
)


@pytest.fixture
def store(place: Place) -> AttachmentStore:
    return place.store


def write(store: AttachmentStore, data: bytes, name: str = "source") -> StoredAttachment:
    return store.write(Source.from_stream(io.BytesIO(data), name=name))


def read(
    store: AttachmentStore, stored: StoredAttachment, start: Position | None = None
) -> list[tuple[int, int, int, object]]:
    return [
        (number, line, offset, value)
        for rows in store.open(stored.name, stored.layout, start)
        for number, line, offset, value in zip(
            rows.numbers, rows.lines, rows.offsets, rows.values, strict=True
        )
    ]


def test_attachment_is_one_gzip_member_of_exactly_the_raw_bytes(
    store: AttachmentStore, place: Place
) -> None:
    stored = write(store, CSV)
    packed = place.get(stored.name)
    assert gzip.decompress(packed) == CSV
    member = zlib.decompressobj(31)
    assert member.decompress(packed) == CSV
    assert member.unused_data == b""
    assert (stored.raw_bytes, stored.stored_bytes) == (len(CSV), len(packed))
    assert stored.rows_count == ROWS_COUNT
    assert b"".join(store.blocks(stored.name)) == CSV
    assert b"".join(store.blocks(stored.name, 1_500_000)) == CSV[1_500_000:]


def test_reading_restarts_at_any_row(store: AttachmentStore, place: Place) -> None:
    stored = write(store, CSV)
    everything = read(store, stored)
    assert len(everything) == ROWS_COUNT
    index = json.loads(place.get(f"{stored.name}.index"))
    assert len(index["points"]) >= 1
    by_number = {number: (line, offset) for number, line, offset, _ in everything}
    for row, line, offset, _ in index["points"]:
        assert by_number[row] == (line, offset)
    points = [row for row, *_ in index["points"]]
    for number in [1, 2, points[0] - 1, points[0], points[0] + 1, ROWS_COUNT]:
        start = Position(number, *by_number[number])
        assert read(store, stored, start) == everything[number - 1 :]


def test_reading_goes_without_a_damaged_index(store: AttachmentStore, place: Place) -> None:
    stored = write(store, CSV)
    everything = read(store, stored)
    place.put(f"{stored.name}.index", b"{")
    row, line, offset, _ = everything[-1]
    assert read(store, stored, Position(row, line, offset)) == everything[-1:]


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("newline", [b"\n", b"\r\n"])
@pytest.mark.parametrize("ending", [b"", b"\n", b"\n\n \n"])
def test_ndjson_is_stored_as_the_equivalent_array_with_the_same_lines(
    store: AttachmentStore, place: Place, mark: bytes, newline: bytes, ending: bytes
) -> None:
    values = [{"code": f"A{number}", "n": number, "pad": "x" * 900} for number in range(1_500)]
    texts = [json.dumps(value).encode() for value in values]
    texts[1:1] = [b"", b" \t"]
    data = mark + b"\n" + newline.join(texts) + ending
    stored = write(store, data, "rows.ndjson")
    assert stored.layout.format is Format.JSON
    assert stored.layout.columns == ("code", "n", "pad")
    assert stored.rows_count == len(values)
    text = gzip.decompress(place.get(stored.name))
    assert json.loads(text) == values
    assert len(text) == stored.raw_bytes
    everything = read(store, stored)
    assert [value for *_, value in everything] == values
    assert [line for _, line, _, _ in everything] == [2, *range(5, len(values) + 4)]
    for row, line, offset, _ in everything[:: len(everything) // 7]:
        assert read(store, stored, Position(row, line, offset)) == everything[row - 1 :]


def test_gzipped_source_is_stored_like_a_plain_one(store: AttachmentStore, tmp_path: Path) -> None:
    path = tmp_path / "skus.csv.gz"
    path.write_bytes(gzip.compress(CSV[: len(CSV) // 2]) + gzip.compress(CSV[len(CSV) // 2 :]))
    seen: list[tuple[int, int | None]] = []
    stored = store.write(
        Source.from_path(path), progress=lambda count, total: seen.append((count, total))
    )
    assert b"".join(store.blocks(stored.name)) == CSV
    assert seen[-1] == (path.stat().st_size, path.stat().st_size)


def test_windows_1252_is_recognised_from_a_stream_that_is_read_once(
    store: AttachmentStore,
) -> None:
    data = b"code,name\n" + b"A,plain name\n" * 100_000 + "B,Café\n".encode("cp1252")
    stored = write(store, data)
    assert stored.layout.encoding == "cp1252"
    assert [notice.message for notice in stored.notices] == [
        "the source is not UTF-8 (line 100002, column 6: byte 0xE9); it was read as Windows-1252, "
        "with a confidence of 99 %; line 100002 reads: B,Café"
    ]
    assert read(store, stored)[-1][3] == ["B", "Café"]


def test_layout_survives_being_written_down(store: AttachmentStore) -> None:
    layout = write(store, CSV).layout
    assert Layout.from_dict(json.loads(json.dumps(layout.to_dict()))) == layout


def test_files_may_be_read_by_their_owner_only(folder_place: FolderPlace) -> None:
    write(folder_place.store, CSV)
    assert len(folder_place.names()) == 2
    for key in folder_place.names():
        assert stat.S_IMODE((folder_place.folder / key).stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "the source is empty"),
        (b'a,b\n1,"2\n' + b"3,4\n" * 100, "never closed"),
        (CSV + b'A,"' + b"\n" * 101, "never closed"),
        (b'[{"a": 1}', "found the end"),
        (gzip.compress(CSV, mtime=0)[:-100], "ends too early"),
        (gzip.compress(CSV, mtime=0)[:50] + b"\0" * 50, "damaged"),
    ],
)
def test_refused_source_leaves_nothing_behind(
    store: AttachmentStore, place: Place, data: bytes, message: str
) -> None:
    with pytest.raises(UnreadableSource, match=message):
        write(store, data)
    assert place.names() == []


def test_directory_and_missing_file_are_refused(
    store: AttachmentStore, place: Place, tmp_path: Path
) -> None:
    with pytest.raises(RequestRefused, match="this is a directory"):
        store.write(Source.from_path(tmp_path))
    with pytest.raises(RequestRefused, match="there is no such file"):
        store.write(Source.from_path(tmp_path / "absent.csv"))
    assert place.names() == []


@pytest.mark.parametrize("change", ["grow", "shrink", "touch"])
def test_file_that_changes_while_it_is_read_is_refused(
    store: AttachmentStore, place: Place, tmp_path: Path, change: str
) -> None:
    path = tmp_path / "skus.csv"
    path.write_bytes(CSV)

    def interfere(count: int, _total: int | None) -> None:
        if change == "grow" and count == len(CSV):
            with path.open("ab") as file:
                file.write(b"one,more\n")
        elif change == "shrink":
            os.truncate(path, 1 << 20)
        else:
            os.utime(path, (1, 1))

    with pytest.raises(RequestRefused, match="changed while it was read"):
        store.write(Source.from_path(path), progress=interfere)
    assert place.names() == []


def test_failure_of_the_caller_leaves_nothing_behind(store: AttachmentStore, place: Place) -> None:
    class Stop(BaseException):
        """Like Ctrl-C."""

    def stop(_count: int, _total: int | None) -> None:
        raise Stop

    with pytest.raises(Stop):
        store.write(Source.from_stream(io.BytesIO(CSV)), progress=stop)
    assert place.names() == []


def test_full_disk_is_told_and_leaves_nothing_behind(folder_place: FolderPlace) -> None:
    incompressible = b"code\n" + b"".join(
        b"%s\n" % hashlib.sha256(b"%d" % number).hexdigest().encode() for number in range(20_000)
    )
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    # A file may not grow further: for the writer the same as a full disk.
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, limits[1]))
    try:
        with pytest.raises(AttachmentStoreFull, match="there is no room for the source in"):
            write(folder_place.store, incompressible)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert folder_place.names() == []


def test_folder_that_is_a_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "attachments").write_bytes(b"")
    with pytest.raises(AttachmentNotWritable, match="cannot be stored in"):
        write(AttachmentStore(tmp_path / "attachments"), CSV)


def test_missing_attachment_is_told_at_once(store: AttachmentStore, place: Place) -> None:
    stored = write(store, CSV)
    store.delete(stored.name)
    assert place.names() == []
    assert not store.exists(stored.name)
    with pytest.raises(AttachmentMissing):
        store.open(stored.name, stored.layout)
    store.delete(stored.name)


@pytest.mark.parametrize("damage", ["cut", "byte", "other", "empty"])
def test_damaged_attachment_is_told_while_reading(
    store: AttachmentStore, place: Place, damage: str
) -> None:
    stored = write(store, CSV)
    packed = place.get(stored.name)
    middle = len(packed) // 2
    place.put(
        stored.name,
        {
            "cut": packed[:middle],
            "byte": packed[:middle] + bytes([packed[middle] ^ 255]) + packed[middle + 1 :],
            "other": gzip.compress(CSV[:1000]),
            "empty": b"",
        }[damage],
    )
    with pytest.raises(AttachmentDamaged):
        read(store, stored)


def test_leftovers_of_a_killed_process_are_swept_once_they_are_old(
    store: AttachmentStore, place: Place
) -> None:
    kept = write(store, b"code\nA\n").name
    forgotten = write(store, b"code\nB\n").name
    place.put(f".{kept}.part", b"half")
    assert store.sweep({kept}, older_than_seconds=3600) == 0, "somebody may be writing them"
    assert store.sweep({kept}, older_than_seconds=-2) == 3
    assert place.names() == [kept, f"{kept}.index"]
    assert not store.exists(forgotten)


def test_what_is_no_attachment_is_never_swept(store: AttachmentStore, place: Place) -> None:
    write(store, b"code\nA\n")
    place.put("orders-2026.csv.gz", b"of somebody else")
    assert store.sweep({}, older_than_seconds=-2) == 2
    assert place.names() == ["orders-2026.csv.gz"]


def test_attachment_is_taken_over_from_another_store(
    store: AttachmentStore, place: Place, tmp_path: Path
) -> None:
    other = FolderPlace(tmp_path / "others")
    stored = write(other.store, CSV)
    store.take(stored.name, other.store)
    assert place.names() == other.names()
    assert [place.get(key) for key in place.names()] == [other.get(key) for key in other.names()]
    with pytest.raises(AttachmentMissing):
        store.take("0" * 32 + ".gz", other.store)
    assert place.names() == other.names()


def test_bytes_are_spooled_before_they_are_judged(store: AttachmentStore, place: Place) -> None:
    with store.spool() as file:
        file.write(CSV)
        file.seek(0)
        stored = store.write(Source.from_stream(file, name="inputs"))
    assert b"".join(store.blocks(stored.name)) == CSV
    assert len(place.names()) == 2


def test_a_reader_who_goes_away_is_no_failure_of_the_store(store: AttachmentStore) -> None:
    """What is made of spooled bytes is written to a pipe within the block."""
    with pytest.raises(BrokenPipeError), store.spool():
        raise BrokenPipeError
