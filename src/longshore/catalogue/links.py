"""Short constructors for the relationships, triggers and types of a declaration."""

from collections.abc import Iterable

from longshore.catalogue.declarations import (
    Key,
    Kind,
    Relationship,
    Trigger,
    ValueType,
    required_when,
)


def to_one(
    name: str,
    *targets: str,
    required: bool | str = False,
    creatable: bool = True,
    updatable: bool = True,
    filterable: bool = True,
    polymorphic: bool = False,
    type_attribute: str | None = None,
    deferred: bool = False,
) -> Relationship:
    """A link that the record keeps."""
    return Relationship(
        name=name,
        kind=Kind.TO_ONE,
        targets=targets,
        creatable=creatable,
        updatable=updatable,
        filterable=filterable,
        required=required_when(required),
        polymorphic=polymorphic,
        type_attribute=type_attribute,
        deferred=deferred,
    )


def found_one(
    name: str,
    *targets: str,
    inverse: str | None = None,
    path: tuple[str, ...] = (),
    view_of: str | None = None,
    empty: bool = False,
    filterable: bool = True,
    virtual: bool = False,
    polymorphic: bool = False,
    moves: bool = False,
) -> Relationship:
    """A link to one record that is kept elsewhere.

    It cannot be written here, unless it `moves`: who names a record then makes it refer to this
    one, by its `inverse`.
    """
    assert inverse is not None or not moves
    return Relationship(
        name=name,
        kind=Kind.TO_ONE,
        targets=targets,
        creatable=moves,
        updatable=moves,
        filterable=filterable and not virtual,
        virtual=virtual,
        empty=empty,
        polymorphic=polymorphic,
        inverse=inverse,
        path=path,
        view_of=view_of,
    )


def to_many(
    name: str,
    *targets: str,
    inverse: str | None = None,
    path: tuple[str, ...] = (),
    empty: bool = False,
    filterable: bool = True,
    virtual: bool = False,
    includable: bool = True,
    polymorphic: bool = False,
) -> Relationship:
    """Links kept by the records on the other side; without targets named: those called alike."""
    return Relationship(
        name=name,
        kind=Kind.TO_MANY,
        targets=targets or (name,),
        creatable=False,
        updatable=False,
        filterable=filterable and not virtual,
        includable=includable,
        virtual=virtual,
        empty=empty,
        polymorphic=polymorphic,
        inverse=inverse,
        path=path,
    )


def attachments() -> Relationship:
    return to_many("attachments", inverse="attachable")


def links() -> Relationship:
    return to_many("links", inverse="item")


def events() -> Relationship:
    """What happened to the record; found in the journal."""
    return to_many("events")


def event_stores() -> Relationship:
    """What changed in the record; found in the journal."""
    return to_many("event_stores", virtual=True, includable=False)


def tags() -> Relationship:
    return Relationship(name="tags", kind=Kind.TO_MANY, targets=("tags",), linked=True)


def claims() -> Iterable[Relationship]:
    """Relationships of a price computed for a token's claims, which longshore does not compute."""
    yield found_one("jwt_customer", "customers", virtual=True, empty=True)
    yield to_many("jwt_markets", "markets", virtual=True, empty=True)
    yield to_many("jwt_stock_locations", "stock_locations", virtual=True, empty=True)


def becomes(name: str, status: str, stamps: str | None = None) -> Trigger:
    """A trigger that moves the record to a status, with the time when it did."""
    return Trigger(name=name, creatable=False, sets={"status": status}, stamps=stamps)


def switching() -> Iterable[Trigger]:
    """Switch the record off and on again."""
    yield Trigger(name="_disable", stamps="disabled_at")
    yield Trigger(name="_enable", clears=("disabled_at",))


def tagging() -> Iterable[Trigger]:
    """Tag names, separated by commas; a name that no tag has is discarded with a warning."""
    yield Trigger(name="_add_tags", type=ValueType.STRING, creatable=False, rule="add_tags")
    yield Trigger(name="_remove_tags", type=ValueType.STRING, creatable=False, rule="remove_tags")


def unsupported(
    name: str, *, type_: ValueType = ValueType.BOOLEAN, creatable: bool = False
) -> Trigger:
    """A trigger of the wire contract for something that longshore does not do."""
    return Trigger(name=name, type=type_, creatable=creatable, accepted=False)


def outside_calls() -> Iterable[Trigger]:
    """Triggers of types that call an outside service, which longshore does not."""
    yield unsupported("_reset_circuit")
    yield unsupported("_regenerate_shared_secret")


def by_code_or_name() -> tuple[Key, ...]:
    """A code is unique, a name need not be."""
    return (Key(parts=("code",)), by_name())


def by_reference(parent: str) -> Key:
    """For a type without a key of its own: a reference, within the parent."""
    return Key(parts=(parent, "reference"), unique=False)


def by_name(*scope: str, nullable: tuple[str, ...] = ()) -> Key:
    """A name, within the fields of `scope`; several records may share it."""
    return Key(parts=(*scope, "name"), unique=False, nullable=nullable)
