"""The reference of resource types as Markdown, made from the declarations.

Pages are for people who write files to import: what a row may hold, how it finds its record,
what is refused.
"""

from collections.abc import Iterable, Iterator

from longshore.catalogue.catalogue import Catalogue, load_catalogue
from longshore.catalogue.declarations import Attribute, Key, Kind, Relationship, ResourceType
from longshore.catalogue.phrases import (
    RULES,
    code,
    codes,
    computation_of,
    effect_of,
    literal,
    rules_of,
    when,
)
from longshore.catalogue.target_keys import is_named_by_keys, key_names

_FOLDER = "resource-types"


def reference_pages() -> dict[str, str]:
    """Markdown by path below `docs/reference`: an index, and a page per importable type."""
    catalogue = load_catalogue()
    pages = {f"{_FOLDER}/index.md": "\n".join(_index(catalogue)) + "\n"}
    for name in catalogue.importable:
        page = "\n".join(_page(catalogue.types[name], catalogue))
        pages[f"{_FOLDER}/{name}.md"] = page + "\n"
    return pages


def _index(catalogue: Catalogue) -> Iterator[str]:
    yield "# Resource types"
    yield ""
    yield "The importable types of the wire contract, each with a page of its own:"
    yield ""
    columns = ("type", "found by", "parent", "nested")
    yield from _table(columns, (_index_row(catalogue.types[n]) for n in catalogue.importable))
    yield ""
    yield "Rows can be imported into every other type that can be created, too:"
    yield ""
    others = [name for name in catalogue.creatable if name not in catalogue.importable]
    yield from _table(columns, (_index_row(catalogue.types[name]) for name in others))
    yield ""
    yield "`found by` are the natural keys of a type: a row without `id` updates the record that"
    yield "agrees with it in all fields of a key, and creates one when there is none. Of several"
    yield "keys the first one counts whose fields the row gives. A key that several records may"
    yield "share finds a record only when exactly one agrees."


def _index_row(type_: ResourceType) -> tuple[str, ...]:
    name = f"[{type_.name}]({type_.name}.md)" if type_.importable else code(type_.name)
    keys = "; ".join(_key(key, short=True) for key in type_.keys if key.matches)
    parent = code(type_.parent) if type_.parent else ""
    return (name, keys or "`id` only", parent, codes(type_.nested))


def _page(type_: ResourceType, catalogue: Catalogue) -> Iterator[str]:
    yield f"# {type_.name}"
    yield ""
    yield from _matching(type_)
    if type_.concrete:
        yield f"Each record is one of {codes(type_.concrete)}; the attribute `type` says which."
        yield ""
    yield "## Attributes"
    yield ""
    given = [a for a in type_.attributes if _may_be_given(a)]
    yield from _table(
        ("attribute", "type", "required", "default", "rules"),
        (_given_row(attribute) for attribute in given),
    )
    yield ""
    if type_.rules:
        yield from (f"- {RULES[rule]}" for rule in type_.rules)
        yield ""
    yield "## Relationships"
    yield ""
    yield "A column or key `NAME_id` holds the id of the target. Instead, `NAME.KEY` names it by a"
    yield "key of its own; one that several records have is refused. See [names instead of"
    yield "ids](../../guides/names.md)."
    yield ""
    links = [r for r in type_.relationships if r.has_column and (r.creatable or r.updatable)]
    yield from _table(
        ("relationship", "target", "required", "named by"),
        (_link_row(type_, link, catalogue) for link in links),
    )
    yield ""
    yield from _nested(type_)
    yield from _triggers(type_)
    yield "## Shown, not imported"
    yield ""
    yield "Rows may hold these and `type`, as exported files do; they are left out without a word."
    yield "Everything else that has no effect is told."
    yield ""
    shown = [a for a in type_.attributes if a.fetchable and not _may_be_given(a)]
    yield from _table(
        ("attribute", "type", "meaning"),
        ((code(a.name), str(a.type), computation_of(a)) for a in shown if a.name != "type"),
    )


def _matching(type_: ResourceType) -> Iterator[str]:
    keys = type_.matching_keys
    yield "A row updates the record that it names, and creates one when there is none."
    if keys:
        yield "It names a record by `id`, or else by:"
        yield ""
        yield from (f"- {_key(key)}" for key in keys)
    else:
        yield "It names a record by `id`."
    yield ""
    yield from _twice(type_)
    if type_.parent:
        yield f"Parent: `{type_.parent}`. The parent of the import is taken for rows that name no"
        yield f"`{type_.parent}` of their own."
        yield ""


def _twice(type_: ResourceType) -> Iterator[str]:
    """What a file changes that is imported a second time."""
    keys = type_.matching_keys
    if any(type_.always_names(key) for key in keys):
        yield "A file that is imported twice changes nothing the second time."
    elif keys:
        ways = " or ".join(_key(key, short=True) for key in keys)
        yield "A file that is imported twice changes nothing the second time where its rows give"
        yield f"`id` or {ways}. A row that gives neither creates a record each time."
    else:
        yield "A row without `id` creates a record each time that its file is imported: nothing"
        yield "else says which one it means."
    anew = [trigger.name for trigger in type_.triggers if trigger.adds_up]
    if anew:
        yield f"{codes(anew)} acts anew each time."
    yield ""


def _key(key: Key, *, short: bool = False) -> str:
    parts = " + ".join(code(part) for part in key.parts)
    if key.unique or short:
        return parts
    return f"{parts} (several records may share it; then a row must name the `id`)"


def _may_be_given(attribute: Attribute) -> bool:
    return attribute.creatable or attribute.updatable or attribute.accepted_with is not None


def _given_row(attribute: Attribute) -> tuple[str, ...]:
    default = "" if attribute.default is None else code(literal(attribute.default))
    return (
        code(attribute.name),
        str(attribute.type),
        when(attribute.required),
        default,
        "; ".join(rules_of(attribute)),
    )


def _link_row(type_: ResourceType, link: Relationship, catalogue: Catalogue) -> tuple[str, ...]:
    named = key_names(catalogue, link) if is_named_by_keys(catalogue, type_, link) else ()
    return (code(link.name), _targets(link, catalogue), when(link.required), codes(named))


def _targets(relationship: Relationship, catalogue: Catalogue) -> str:
    known = [target for target in relationship.targets if target in catalogue.types]
    return codes(known)


def _nested(type_: ResourceType) -> Iterator[str]:
    if not type_.nested:
        return
    yield "## Nested records"
    yield ""
    yield "A row may hold these inside itself: in JSON as an object or an array of objects, in CSV"
    yield "in columns `NAME.ATTRIBUTE`."
    yield ""
    kinds = {r.name: r for r in type_.relationships}
    for name in type_.nested:
        how = "an array of" if kinds[name].kind is Kind.TO_MANY else "one of"
        yield f"- `{name}`: {how} {codes(kinds[name].targets)}"
    yield ""


def _triggers(type_: ResourceType) -> Iterator[str]:
    accepted = [trigger for trigger in type_.triggers if trigger.accepted]
    refused = [trigger.name for trigger in type_.triggers if not trigger.accepted]
    if accepted:
        yield "## Triggers"
        yield ""
        yield from _table(
            ("trigger", "type", "effect"),
            ((code(t.name), str(t.type), effect_of(t)) for t in accepted),
        )
        yield ""
    if refused:
        yield f"Not supported, an error when given: {codes(refused)}."
        yield ""


def _table(columns: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    """A Markdown table, or a dash when it has no rows."""
    lines = [f"| {' | '.join(row)} |" for row in rows]
    if not lines:
        yield "None."
        return
    yield f"| {' | '.join(columns)} |"
    yield f"|{'---|' * len(columns)}"
    yield from lines
