"""Compound documents: what relationships lead to, each resource once.

An include is followed level by level, with one query per relationship and type and one per table
of targets, however many resources there are. It is bounded, because a path of to-many
relationships can lead to all there is.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from longshore.access import Action
from longshore.api.context import RequestContext
from longshore.api.errors import ApiError
from longshore.api.queries import IncludeTree, Query
from longshore.api.stores import Criteria, Reading, Resource, ResourceLink
from longshore.catalogue import Catalogue, Kind, Relationship, ResourceType
from longshore.records import Ids

# Links from one resource to another in one document.
INCLUDE_LINKS_MAX = 10_000


# A family and a key: stores number what they keep as they like.
Identity: TypeAlias = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Included:
    """What stands beside the data that was asked for."""

    resources: Sequence[Resource] = ()
    # For the relationships that were followed: the resources that they lead to, by name.
    linkage: Mapping[Identity, Mapping[str, Sequence[Resource]]] = field(default_factory=dict)

    def linkage_of(
        self, catalogue: Catalogue, resource: Resource
    ) -> Mapping[str, Sequence[Resource]]:
        """The relationships of a resource that were followed, with their targets."""
        return self.linkage.get(identity_of(catalogue, resource), {})


def check_include(context: RequestContext, resource_type: str, include: IncludeTree) -> None:
    """Refuse paths that lead nowhere, or to what the application may not read."""
    _check(context, _with_concrete(context.services.catalogue, [resource_type]), include)


def shown_fields(catalogue: Catalogue, query: Query, resource_type: str) -> frozenset[str] | None:
    """The fields of a concrete type that a query asks for; None: all.

    Clients also name those of the abstract type that they asked for.
    """
    named = query.fields.get(resource_type)
    if named is None:
        base = catalogue.types[resource_type].base
        named = query.fields.get(base) if base else None
    return named


def read_fields(catalogue: Catalogue, query: Query, resource_type: str) -> frozenset[str] | None:
    """The fields that must be read to show resources of a type, abstract or not; None: all."""
    names: frozenset[str] = frozenset()
    for concrete in catalogue.concrete_types(resource_type):
        shown = shown_fields(catalogue, query, concrete)
        if shown is None:
            return None
        names |= shown
    return names


def include_related(
    context: RequestContext, reading: Reading, query: Query, primary: Sequence[Resource]
) -> Included:
    """What the query's include leads to from these resources; it was checked before."""
    if not query.include:
        return Included()
    followed = _Followed(context, reading, query, primary)
    followed.follow(primary, query.include)
    shown = [each for key, each in followed.known.items() if key not in followed.primary]
    return Included(resources=shown, linkage=followed.linkage)


def identity_of(catalogue: Catalogue, resource: Resource) -> Identity:
    """What tells a resource from all others of its environment."""
    return catalogue.types[resource.type].table, resource.key


class _Followed:
    """The relationships followed so far."""

    def __init__(
        self,
        context: RequestContext,
        reading: Reading,
        query: Query,
        primary: Sequence[Resource],
    ) -> None:
        self._services = context.services
        self._reading = reading
        self._query = query
        self._links_left = INCLUDE_LINKS_MAX
        self.known = {identity_of(self._services.catalogue, each): each for each in primary}
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
                declared = self._services.catalogue.types[type_name]
                if relationship := find_relationship(declared, name):
                    targets |= self._follow_one(declared, relationship, keys)
            if below and targets:
                self.follow(targets.values(), below)

    def _follow_one(
        self, declared: ResourceType, relationship: Relationship, keys: Collection[int]
    ) -> dict[Identity, Resource]:
        links = self._links(declared, relationship, keys)
        wanted = {
            (self._services.catalogue.types[link.family].table, link.target) for link in links
        }
        self._read(wanted)
        by_owner: dict[int, list[Resource]] = {key: [] for key in keys}
        for link in links:
            table = self._services.catalogue.types[link.family].table
            by_owner[link.owner].append(self.known[table, link.target])
        for key, targets in by_owner.items():
            self.linkage.setdefault((declared.table, key), {})[relationship.name] = targets
        return {each: self.known[each] for each in wanted}

    def _links(
        self, declared: ResourceType, relationship: Relationship, keys: Collection[int]
    ) -> Sequence[ResourceLink]:
        target = target_type(self._services.catalogue, relationship)
        if target is None:
            return ()
        links = self._services.store_of(target).links(
            self._reading, declared.name, relationship.name, keys, limit=self._links_left + 1
        )
        self._links_left -= len(links)
        if self._links_left < 0:
            raise ApiError(
                "INVALID_INCLUDE",
                detail=f"The include leads to more than {INCLUDE_LINKS_MAX} resources. Ask for "
                f"fewer at once, or for pages of {declared.name}/ID/{relationship.name}.",
                parameter="include",
            )
        return links

    def _read(self, wanted: Collection[Identity]) -> None:
        """Read the targets that are not known yet."""
        by_family: dict[str, list[int]] = {}
        for family, key in sorted(wanted):
            if (family, key) not in self.known:
                by_family.setdefault(family, []).append(key)
        for family, keys in by_family.items():
            found = self._services.store_of(family).find(
                self._reading,
                family,
                Criteria(within=Ids(ids=keys)),
                fields=read_fields(self._services.catalogue, self._query, family),
            )
            self.known.update(((family, each.key), each) for each in found)


def find_relationship(declared: ResourceType, name: str) -> Relationship | None:
    """The relationship of that name, if the type has it."""
    return next((each for each in declared.relationships if each.name == name), None)


def target_type(catalogue: Catalogue, relationship: Relationship) -> str | None:
    """A type among the targets, which tells who keeps them; None: nobody here does."""
    known = (catalogue.types[name] for name in relationship.targets if name in catalogue.types)
    return next((declared.name for declared in known if declared.routed), None)


def is_to_one(relationship: Relationship) -> bool:
    return relationship.kind is Kind.TO_ONE


def _check(context: RequestContext, types: Sequence[ResourceType], include: IncludeTree) -> None:
    catalogue = context.services.catalogue
    for name, below in include.items():
        found = [
            relationship
            for declared in types
            if (relationship := find_relationship(declared, name)) and relationship.includable
        ]
        if not found:
            raise ApiError(
                "INVALID_INCLUDE", relationship=name, type=types[0].name, parameter="include"
            )
        names = dict.fromkeys(target for each in found for target in each.targets)
        targets = [target for target in names if target in catalogue.types]
        for target in targets:
            context.require(Action.READ, target)
        # Behind what is outside there is nothing, whatever it is called.
        if targets:
            _check(context, _with_concrete(catalogue, targets), below)


def _with_concrete(catalogue: Catalogue, names: Iterable[str]) -> list[ResourceType]:
    """The types, each followed by its concrete ones."""
    return [
        catalogue.types[each] for name in names for each in (name, *catalogue.types[name].concrete)
    ]
