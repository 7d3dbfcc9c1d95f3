"""The fields of records that somebody chooses to see."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from longshore.cli.messages import printable
from longshore.cli.names import nearest
from longshore.errors import RequestRefused

if TYPE_CHECKING:
    from longshore.catalogue import Catalogue, ResourceType
    from longshore.operations import RecordField

__all__ = ["chosen_fields"]


def chosen_fields(
    catalogue: Catalogue, declared: ResourceType, names: Sequence[str]
) -> list[RecordField]:
    """The fields with these names, in their order; raises RequestRefused for one that is none.

    A relationship that a record keeps is named as in documents or as its column of a file:
    `shipping_category`, `shipping_category_id`.
    """
    from longshore.operations import record_fields

    known = record_fields(catalogue, declared)
    spelled = {field.name: title for title, field in known.items() if field.name is not None}
    chosen = []
    for name in names:
        found = known.get(name) or known.get(spelled.get(name, ""))
        if found is None:
            close = nearest(name, known)
            raise RequestRefused(
                f"{declared.name} have no field {printable(name)!r} that can be shown",
                hint=f"did you mean {close}?" if close else f"they have {', '.join(known)}",
            )
        if found not in chosen:
            chosen.append(found)
    return chosen
