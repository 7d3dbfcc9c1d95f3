"""What the relationships of resources lead to, each resource once.

An include is followed level by level, with one query per relationship and type and one per table
of targets, however many resources there are. It is bounded, because a path of to-many
relationships can lead to all there is.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from longshore.catalogue import Catalogue, Relationship, ResourceType
from longshore.errors import RequestRefused
from longshore.operations.selection import (
    IncludeTree,
    Selection,
    find_relationship,
    read_fields,
    target_type,
)
from longshore.operations.stores import Criteria, Reading, Resource, ResourceLink, Stores
from longshore.records import Ids

# Links from one resource to another in one answer.
INCLUDE_LINKS_MAX = 10_000


# A family and a key: stores number what they keep as they like.
Identity: TypeAlias = tuple[str, int]


class TooManyLinks(RequestRefused):
    """An include leads to more than one answer may hold."""

    def __init__(self, owner: str, relationship: str) -> None:
        super().__init__(
            f"The include leads to more than {INCLUDE_LINKS_MAX} resources. Ask for "
            f"fewer at once, or for pages of {owner}/ID/{relationship}."
        )


@dataclass(frozen=True, slots=True)
class Included:
    """What stands beside the resources that were asked for."""

    resources: Sequence[Resource] = ()
    # For the relationships that were followed: the resources that they lead to, by name.
    linkage: Mapping[Identity, Mapping[str, Sequence[Resource]]] = field(default_factory=dict)

    def linkage_of(
        self, catalogue: Catalogue, resource: Resource
    ) -> Mapping[str, Sequence[Resource]]:
        """The relationships of a resource that were followed, with their targets."""
        return self.linkage.get(identity_of(catalogue, resource), {})


def include_related(
    stores: Stores, reading: Reading, selection: Selection, primary: Sequence[Resource]
) -> Included:
    """What the selection's include leads to from these resources; raises TooManyLinks."""
    if not selection.include:
        return Included()
    followed = _Followed(stores, reading, selection, primary)
    followed.follow(primary, selection.include)
    shown = [each for key, each in followed.known.items() if key not in followed.primary]
    return Included(resources=shown, linkage=followed.linkage)


def identity_of(catalogue: Catalogue, resource: Resource) -> Identity:
    """What tells a resource from all others of its environment."""
    return catalogue.types[resource.type].table, resource.key


class _Followed:
    """The relationships followed so far."""

    def __init__(
        self,
        stores: Stores,
        reading: Reading,
        selection: Selection,
        primary: Sequence[Resource],
    ) -> None:
        self._stores = stores
        self._catalogue = stores.catalogue
        self._reading = reading
        self._selection = selection
        self._links_left = INCLUDE_LINKS_MAX
        self.known = {identity_of(self._catalogue, each): each for each in primary}
        self.primary = frozenset(self.known)
        self.linkage: dict[Identity, dict[str, Sequence[Resource]]] = {}

    def follow(self, owners: Iterable[Resource], include: IncludeTree) -> None:
        """Follow relationships from resources, and what the tree says from their targets."""
        by_type: dict[str, list[int]] = {}
        for owner in owners:
            by_type.setdefault(owner.type, []).append(owner.key)
        for name, below in include.items():
            targets: dict[Identity, Resource] = {}
            for type_name, keys in by_type.items():
                declared = self._catalogue.types[type_name]
                if relationship := find_relationship(declared, name):
                    targets |= self._follow_one(declared, relationship, keys)
            if below and targets:
                self.follow(targets.values(), below)

    def _follow_one(
        self, declared: ResourceType, relationship: Relationship, keys: Collection[int]
    ) -> dict[Identity, Resource]:
        links = self._links(declared, relationship, keys)
        wanted = {(self._catalogue.types[link.family].table, link.target) for link in links}
        self._read(wanted)
        by_owner: dict[int, list[Resource]] = {key: [] for key in keys}
        for link in links:
            table = self._catalogue.types[link.family].table
            by_owner[link.owner].append(self.known[table, link.target])
        for key, targets in by_owner.items():
            self.linkage.setdefault((declared.table, key), {})[relationship.name] = targets
        return {each: self.known[each] for each in wanted}

    def _links(
        self, declared: ResourceType, relationship: Relationship, keys: Collection[int]
    ) -> Sequence[ResourceLink]:
        target = target_type(self._catalogue, relationship)
        if target is None:
            return ()
        links = self._stores.of(target).links(
            self._reading, declared.name, relationship.name, keys, limit=self._links_left + 1
        )
        self._links_left -= len(links)
        if self._links_left < 0:
            raise TooManyLinks(declared.name, relationship.name)
        return links

    def _read(self, wanted: Collection[Identity]) -> None:
        """Read the targets that are not known yet."""
        by_family: dict[str, list[int]] = {}
        for family, key in sorted(wanted):
            if (family, key) not in self.known:
                by_family.setdefault(family, []).append(key)
        for family, keys in by_family.items():
            found = self._stores.of(family).find(
                self._reading,
                family,
                Criteria(within=Ids(ids=keys)),
                fields=read_fields(self._catalogue, self._selection, family),
            )
            self.known.update(((family, each.key), each) for each in found)
