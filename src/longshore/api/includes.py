"""Whether what a query wants included can be had, and may be seen."""

from collections.abc import Iterable, Sequence

from longshore.access import Action
from longshore.api.context import RequestContext
from longshore.api.errors import ApiError
from longshore.catalogue import Catalogue, ResourceType
from longshore.operations import IncludeTree, find_relationship


def check_include(context: RequestContext, resource_type: str, include: IncludeTree) -> None:
    """Refuse paths that lead nowhere, or to what the application may not read."""
    _check(context, _with_concrete(context.services.catalogue, [resource_type]), include)


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
