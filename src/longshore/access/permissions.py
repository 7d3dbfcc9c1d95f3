"""What an application may do, by its kind: one table.

The kinds and what they may come from docs.commercelayer.io, "Roles and permissions": there an
operator composes roles; here each kind has the role that its official client needs.
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum

from longshore.access.applications import ApplicationKind
from longshore.catalogue import Catalogue


class Action(StrEnum):
    """What can be done to resources; listing and retrieving are both reading."""

    CREATE = "create"
    READ = "read"
    UPDATE = "update"
    DESTROY = "destroy"


# What an endpoint of the catalogue does.
_ACTIONS = {
    "list": Action.READ,
    "retrieve": Action.READ,
    "create": Action.CREATE,
    "update": Action.UPDATE,
    "delete": Action.DESTROY,
}

_READ = (Action.READ,)
_CREATE_AND_READ = (Action.CREATE, Action.READ)
_ALL = tuple(Action)

# What an application says of itself, and of whom it belongs to, is no secret to its tokens.
_OWN: Mapping[str, Sequence[Action]] = {"organizations": _READ, "applications": _READ}

# Kind -> resource type -> actions; None: all actions on all types.
_TABLE: Mapping[ApplicationKind, Mapping[str, Sequence[Action]] | None] = {
    ApplicationKind.INTEGRATION: None,
    ApplicationKind.WEBAPP: None,
    ApplicationKind.CLI: None,
    # What browsers show to anybody: the goods and their prices.
    ApplicationKind.SALES_CHANNEL: {
        **_OWN,
        "skus": _READ,
        "sku_options": _READ,
        "prices": _READ,
        "bundles": _READ,
    },
    # What the screens of the dashboard's imports app ask for: the imports, what happened to
    # them, the parents to choose from, and the rule that coupons are imported into.
    ApplicationKind.IMPORTS: {
        **_OWN,
        "imports": _ALL,
        "events": _READ,
        "event_stores": _READ,
        "markets": _READ,
        "price_lists": _READ,
        "stock_locations": _READ,
        "tax_calculators": _READ,
        "sku_lists": _READ,
        "promotions": _READ,
        "coupon_codes_promotion_rules": _CREATE_AND_READ,
    },
}


class Permissions:
    """The table, with the concrete types of every abstract type that it names."""

    def __init__(self, catalogue: Catalogue) -> None:
        names = list(catalogue.types)
        self._possible = {
            declared.name: {_ACTIONS[each] for each in declared.actions if declared.routed}
            for declared in catalogue.types.values()
        }
        self._table = {
            kind: _expanded(catalogue, granted)
            if granted is not None
            else dict.fromkeys(names, _ALL)
            for kind, granted in _TABLE.items()
        }

    def allows(self, kind: str, action: str, resource_type: str) -> bool:
        """Whether an application of a kind may do this to resources of a type."""
        return action in self._table[ApplicationKind(kind)].get(resource_type, ())

    def is_unlimited(self, kind: str) -> bool:
        """Whether an application of a kind may do everything."""
        return _TABLE[ApplicationKind(kind)] is None

    def of(self, kind: str) -> Mapping[str, Sequence[Action]]:
        """What an application of a kind may do to each resource type that has endpoints, as far
        as the type has endpoints for it."""
        granted = {
            name: [action for action in actions if action in self._possible[name]]
            for name, actions in self._table[ApplicationKind(kind)].items()
        }
        return {name: actions for name, actions in granted.items() if actions}


def _expanded(
    catalogue: Catalogue, granted: Mapping[str, Sequence[Action]]
) -> dict[str, Sequence[Action]]:
    return {
        name: actions
        for granted_name, actions in granted.items()
        for name in (granted_name, *catalogue.types[granted_name].concrete)
    }
