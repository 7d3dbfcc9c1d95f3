"""Records as they were when they were destroyed, packed: many of them in a row of the table.

They are hardly ever read, but thousands may be destroyed at once. Records of one table have the
same fields, and often the same values, so together they take a fraction of what each would take.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

import msgspec
from isal import isal_zlib
from sqlalchemy import select

from longshore.database import Transaction
from longshore.journal.tables import images

# What is unpacked to read one of them: about half a megabyte.
_PACKED_TOGETHER = 500


def store_images(
    tx: Transaction, environment: int, by_record: Mapping[int, Mapping[str, object]]
) -> Mapping[int, int]:
    """Store what records were: by their ids, the ids of the rows in which they are."""
    packs = [*_packs(by_record)]
    if not packs:
        return {}
    ids = tx.reserve_ids(environment, len(packs))
    encode = msgspec.json.Encoder().encode
    packed = [
        isal_zlib.compress(encode({str(record): by_record[record] for record in pack}))
        for pack in packs
    ]
    tx.insert_columns("images", {"id": ids, "packed": packed})
    return {record: id for id, pack in zip(ids, packs, strict=True) for record in pack}


def read_images(
    tx: Transaction, ids: Collection[int]
) -> Mapping[int, Mapping[int, Mapping[str, Any]]]:
    """What the rows of these ids hold: images by the ids of their records."""
    if not ids:
        return {}
    query = select(images.c.id, images.c.packed).where(images.c.id.in_(sorted(ids)))
    decode = msgspec.json.Decoder(dict[int, dict[str, Any]]).decode
    return {id: decode(isal_zlib.decompress(packed)) for id, packed in tx.connection.execute(query)}


def _packs(records: Collection[int]) -> Iterator[Sequence[int]]:
    left = iter(records)
    while pack := [*islice(left, _PACKED_TOGETHER)]:
        yield pack
