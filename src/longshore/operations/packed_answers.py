"""What was found, as bytes that are kept for whoever asks the same again.

Two kinds of values are not kept, but read again: those that are read when the transaction is closed
(rows of an import, a signed address), and those that are secret.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from longshore.catalogue import Attribute, Catalogue, Derived
from longshore.json_text import decode_json, encode_json
from longshore.operations.found import Found
from longshore.operations.inclusion import Identity, Included, identity_of
from longshore.operations.stores import Deferred, Resource

# What is longer is not kept. A record may hold a megabyte; a key with it is rare.
_PACKED_BYTES_MAX = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Unpacked:
    """What was found, and what of it is to be read again."""

    found: Found
    fresh: Mapping[Identity, frozenset[str]]  # names of attributes, by resource


def pack_found(catalogue: Catalogue, found: Found) -> bytes | None:
    """What was found as JSON; None where it is too long to be kept."""
    resources: dict[Identity, Resource] = {}

    def numbered(shown: Sequence[Resource]) -> list[int]:
        for each in shown:
            resources.setdefault(identity_of(catalogue, each), each)
        places = {identity: place for place, identity in enumerate(resources)}
        return [places[identity_of(catalogue, each)] for each in shown]

    numbered([found.resource])  # the first one
    included = numbered(found.included.resources)
    linkage = [
        [table, key, {name: numbered(targets) for name, targets in followed.items()}]
        for (table, key), followed in found.included.linkage.items()
    ]
    packed = encode_json(
        {
            "resources": [_packed(catalogue, each) for each in resources.values()],
            "included": included,
            "linkage": linkage,
            "warnings": list(found.warnings),
        }
    )
    return packed if len(packed) <= _PACKED_BYTES_MAX else None


def unpack_found(catalogue: Catalogue, packed: bytes) -> Unpacked:
    """What was found; the values that were not kept are null."""
    kept: Any = decode_json(packed)
    resources = [
        Resource(
            key=each["key"],
            type=each["type"],
            id=each["id"],
            attributes=each["attributes"],
            meta=each["meta"],
        )
        for each in kept["resources"]
    ]
    fresh = {
        identity_of(catalogue, resource): frozenset(each["fresh"])
        for resource, each in zip(resources, kept["resources"], strict=True)
        if each["fresh"]
    }
    included = Included(
        resources=[resources[place] for place in kept["included"]],
        linkage={
            (table, key): {
                name: [resources[place] for place in places] for name, places in followed.items()
            }
            for table, key, followed in kept["linkage"]
        },
    )
    found = Found(resource=resources[0], included=included, warnings=kept["warnings"])
    return Unpacked(found=found, fresh=fresh)


def _packed(catalogue: Catalogue, resource: Resource) -> dict[str, Any]:
    secret = {each.name for each in catalogue.types[resource.type].attributes if _is_secret(each)}
    fresh = {
        name
        for name, value in resource.attributes.items()
        if isinstance(value, Deferred) or name in secret
    }
    return {
        "key": resource.key,
        "type": resource.type,
        "id": resource.id,
        "attributes": {
            name: None if name in fresh else value for name, value in resource.attributes.items()
        },
        "meta": dict(resource.meta),
        "fresh": sorted(fresh),
    }


def _is_secret(attribute: Attribute) -> bool:
    computed = attribute.computed
    return attribute.confidential or (isinstance(computed, Derived) and "secret" in computed.inputs)
