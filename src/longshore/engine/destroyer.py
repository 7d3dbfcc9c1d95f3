"""Records destroyed as sets, with what they hold, unless others refer to them.

What a record holds goes with it: the collections that a row may hold inside itself. A record stays,
with all that it holds, while something refers to it, or to what it holds, and is not destroyed with
them. A record that stays may refer to another one, which then stays, too. So what goes is the
largest part of the set that nothing else refers into, whatever the order in which the records are
named. The number of statements follows from the catalogue and not from the number of records.
"""

from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from longshore.catalogue import Catalogue, Kind, ResourceType, Table
from longshore.database import Transaction
from longshore.engine.plan.rule_needs import RULE_NEEDS
from longshore.identifiers import environment_range
from longshore.journal import Actor, Destroyed, append_destructions
from longshore.records import (
    TableReader,
    count_table_changes,
    erase_records,
    read_bearers,
    read_referred,
    read_tags,
    sum_writers,
)


@dataclass(frozen=True, slots=True)
class Destruction:
    """What became of a record that was to be destroyed."""

    is_found: bool
    referrers: Sequence[str] = ()  # tables whose records refer to it; then it stays as it is

    @property
    def is_done(self) -> bool:
        return self.is_found and not self.referrers


@dataclass(slots=True, eq=False)
class _Doomed:
    """A record that is to be destroyed, or is held by one."""

    table: Table
    id: int
    values: Mapping[str, Any]
    roots: set[int] = field(default_factory=set)  # records that were named: it goes with any


class Destroyer:
    """Destroys records: the collections that a row may hold inside itself go with them."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._places = {name: place for place, name in enumerate(catalogue.tables)}
        self._names = names_of_records(catalogue)

    def destroy(
        self,
        tx: Transaction,
        named: Mapping[str, Collection[int]],
        *,
        environment: int,
        actor: Actor,
        is_strict: bool = False,
    ) -> Mapping[int, Destruction]:
        """Destroy records of an environment, in the caller's transaction: what became of each.

        They are named by type, and each once. With `is_strict` nothing goes with them that is not
        named as well; and a tag stays that something else bears, and a record whose key is the
        text of another one.
        """
        roots = self._roots(tx, named, environment)
        if is_strict:
            doomed = {root.id: root for root in roots}
        else:
            doomed = self._with_collections(tx, roots)
        referred = self._referred(tx, doomed)
        links: Callable[[_Doomed], Iterable[int]] = self._links_of
        if is_strict:
            otherwise = self._named_otherwise(tx, doomed, environment)
            referred = chain(referred, otherwise.from_others)
            links = otherwise.with_links(links)
        referrers = _Keeping(doomed, links).kept(referred)
        gone = [each for each in doomed.values() if not each.roots <= referrers.keys()]
        # Whoever goes through the journal from its end brings back what is referred to before what
        # refers to it.
        gone.sort(key=lambda each: self._places[each.table.name], reverse=True)
        if gone:
            destroyed = self._destroyed(tx, gone)
            append_destructions(tx, destroyed, environment=environment, actor=actor)
            for name, ids in _by_table(gone).items():
                table = self._catalogue.tables[name]
                is_tag = name in self._catalogue.tag_tables
                erase_records(tx, name, ids, bears_tags=bool(table.linked), is_tag=is_tag)
            summed = self._recompute_sums(tx, gone)
            count_table_changes(tx, environment, summed | self._tables_touched(gone))
        return {
            id: Destruction(True, sorted(referrers.get(id, ())))
            if id in doomed and id in doomed[id].roots
            else Destruction(is_found=False)
            for ids in named.values()
            for id in ids
        }

    def _roots(
        self, tx: Transaction, named: Mapping[str, Collection[int]], environment: int
    ) -> Iterator[_Doomed]:
        """The records that are named, those that there are."""
        for name, ids in named.items():
            type_ = self._catalogue.types[name]
            inside = [id for id in ids if id >> 40 == environment]
            for root in self._read(tx, type_.table, "id", inside):
                if self._is_of(type_, root):
                    root.roots.add(root.id)
                    yield root

    def _with_collections(self, tx: Transaction, roots: Iterable[_Doomed]) -> dict[int, _Doomed]:
        """Records, and behind them what they hold, level by level."""
        doomed = {root.id: root for root in roots}
        level = list(doomed.values())
        while level:
            held: dict[int, _Doomed] = {}
            for holding, holders in _by_table(level).items():
                for name, column in self._collections(self._catalogue.tables[holding]):
                    for read in self._read(tx, name, column, holders):
                        each = doomed.setdefault(read.id, read)
                        holders_roots = doomed[read.values[column]].roots
                        if not holders_roots <= each.roots:
                            each.roots |= holders_roots
                            held[each.id] = each
            level = list(held.values())
        return doomed

    def _read(
        self, tx: Transaction, table_name: str, column: str, ids: Sequence[int]
    ) -> Iterator[_Doomed]:
        table = self._catalogue.tables[table_name]
        names = _columns(table)
        for id, *values in TableReader(table_name, names).by(tx, column, ids):
            yield _Doomed(table, id, dict(zip(names, values, strict=True)))

    def _collections(self, table: Table) -> Iterator[tuple[str, str]]:
        """The collections that records of a table hold, as (table, column of the holder)."""
        found: dict[tuple[str, str], None] = {}
        for type_name in (table.name, *table.types):
            type_ = self._catalogue.types[type_name]
            for relationship in type_.relationships:
                is_collection = (
                    relationship.name in type_.nested
                    and relationship.kind is Kind.TO_MANY
                    and not relationship.linked
                )
                if is_collection:
                    target = self._catalogue.types[relationship.targets[0]]
                    found.setdefault((target.table, f"{relationship.inverse}_id"))
        yield from found

    def _is_of(self, resource_type: ResourceType, doomed: _Doomed) -> bool:
        type_ = doomed.values.get("type", resource_type.name)
        return type_ in self._catalogue.concrete_types(resource_type.name)

    def _referred(
        self, tx: Transaction, doomed: Mapping[int, _Doomed]
    ) -> Iterator[tuple[_Doomed, str]]:
        """Which of these other records refer to, and in which table those are."""
        by_table = _by_table(doomed.values())
        for name, table in self._catalogue.tables.items():
            for link in table.links:
                targets = self._catalogue.targets_of(link.relationship)
                tables = {self._catalogue.types[target].table for target in targets}
                ids = [id for of, those in by_table.items() if of in tables for id in those]
                besides = by_table.get(name, ())
                for id in read_referred(tx, name, link.column, ids, besides=besides):
                    yield doomed[id], name

    def _named_otherwise(
        self, tx: Transaction, doomed: Mapping[int, _Doomed], environment: int
    ) -> "_NamedOtherwise":
        """Which of these records something bears, or names by a text."""
        found = _NamedOtherwise()
        by_table = _by_table(doomed.values())
        for name, ids in by_table.items():
            if name in self._catalogue.tag_tables:
                for tag, bearers in read_bearers(tx, ids).items():
                    for bearer in bearers:
                        found.add(doomed, bearer, doomed[tag], "taggings")
        within = environment_range(environment)
        for each in self._names:
            by_text: dict[str, list[_Doomed]] = {}
            for id in by_table.get(each.target, ()):
                text = doomed[id].values[each.key]
                if text is not None:
                    by_text.setdefault(text, []).append(doomed[id])
            reader = TableReader(each.table, [each.column])
            for holder, text in reader.by_text(tx, each.column, by_text, within=within):
                for target in by_text[text]:
                    found.add(doomed, holder, target, each.table)
        return found

    def _links_of(self, doomed: _Doomed) -> Iterator[int]:
        """The ids of records that a record refers to."""
        for link in doomed.table.links:
            if doomed.values[link.column] is not None:
                yield doomed.values[link.column]

    def _tables_touched(self, gone: Sequence[_Doomed]) -> set[str]:
        """The tables of destroyed records, and those whose records may have lost a tag."""
        touched = {each.table.name for each in gone}
        if touched & self._catalogue.tag_tables:
            touched |= {each.name for each in self._catalogue.tables.values() if each.linked}
        return touched

    def _recompute_sums(self, tx: Transaction, gone: Sequence[_Doomed]) -> set[str]:
        """Recompute the sums of what held destroyed records; the tables of these."""
        summed = set()
        ids = {each.id for each in gone}
        for writer in sum_writers(self._catalogue, {each.table.name for each in gone}):
            parents = {
                each.values[link]
                for each in gone
                for children, link in writer.links
                if children == each.table.name and each.values[link] is not None
            }
            if parents - ids:
                writer.recompute(tx, parents - ids)
                summed.add(writer.table)
        return summed

    def _destroyed(self, tx: Transaction, gone: Sequence[_Doomed]) -> list[Destroyed]:
        """What the journal keeps of records, so that they can come back as they were."""
        tagged = [each.id for each in gone if each.table.linked]
        tags = read_tags(tx, tagged) if tagged else {}
        borne = [each.id for each in gone if each.table.name in self._catalogue.tag_tables]
        bearers = read_bearers(tx, borne) if borne else {}
        destroyed = []
        for each in gone:
            image = _image(each)
            if each.id in tags:
                image["tags"] = tags[each.id]
            if each.id in bearers:
                image["bearers"] = bearers[each.id]
            destroyed.append(
                Destroyed(
                    table_name=each.table.name,
                    record_type=each.values.get("type", each.table.name),
                    record_id=each.id,
                    image=image,
                )
            )
        return destroyed


@dataclass(slots=True)
class _NamedOtherwise:
    """Records that others bear or name by a text, to which these do not link."""

    from_others: list[tuple[_Doomed, str]] = field(default_factory=list)  # and in which table
    # By records that are to be destroyed, too: those that stay keep them.
    from_doomed: dict[int, list[int]] = field(default_factory=dict)

    def add(self, doomed: Mapping[int, _Doomed], holder: int, target: _Doomed, table: str) -> None:
        """Note that a holder, of which there is something in this table, names a target."""
        if holder in doomed:
            self.from_doomed.setdefault(holder, []).append(target.id)
        else:
            self.from_others.append((target, table))

    def with_links(
        self, links_of: Callable[[_Doomed], Iterable[int]]
    ) -> Callable[[_Doomed], Iterable[int]]:
        """What a record links to, and what it bears or names."""
        return lambda doomed: chain(links_of(doomed), self.from_doomed.get(doomed.id, ()))


@dataclass(frozen=True, slots=True, kw_only=True)
class NameOfRecord:
    """A column whose text is the key of a record, to which nothing links."""

    table: str
    column: str
    target: str  # table
    key: str  # its column
    must_exist: bool  # a row whose text is the key of no record is refused


def names_of_records(catalogue: Catalogue) -> list[NameOfRecord]:
    """The columns whose texts are keys of other records."""
    found: dict[NameOfRecord, None] = {}
    for type_ in catalogue.types.values():
        if type_.table not in catalogue.tables:
            continue
        sought = {
            name: target
            for rule in type_.rules
            if rule in RULE_NEEDS
            for name, target in RULE_NEEDS[rule].texts.items()
        }
        for attribute in type_.attributes:
            target = sought.get(attribute.name)
            if attribute.names is not None and attribute.names.relationship is None:
                named = catalogue.types[attribute.names.target]
                target = (named.table, attribute.names.attribute)
            if target is not None and attribute.stored:
                each = NameOfRecord(
                    table=type_.table,
                    column=attribute.name,
                    target=target[0],
                    key=target[1],
                    must_exist=attribute.names is not None,
                )
                found.setdefault(each)
    return list(found)


class _Keeping:
    """Finds out which of the named records stay, because something that stays refers to them."""

    def __init__(
        self, doomed: Mapping[int, _Doomed], links_of: Callable[[_Doomed], Iterable[int]]
    ) -> None:
        self._doomed = doomed
        self._links_of = links_of
        self._with_root: dict[int, list[_Doomed]] = {}
        for each in doomed.values():
            for root in each.roots:
                self._with_root.setdefault(root, []).append(each)
        self._kept: dict[int, set[str]] = {}
        self._staying: deque[_Doomed] = deque()

    def kept(self, referred: Iterable[tuple[_Doomed, str]]) -> Mapping[int, Collection[str]]:
        """The named records that stay, with the tables of what refers to them."""
        for target, table in referred:
            self._keep(target.roots, table)
        while self._staying:
            each = self._staying.popleft()
            for id in self._links_of(each):
                if id in self._doomed:
                    self._keep(self._doomed[id].roots - each.roots, each.table.name)
        return self._kept

    def _keep(self, roots: Collection[int], referrer: str) -> None:
        for root in roots:
            if root not in self._kept:
                self._kept[root] = set()
                self._staying.extend(
                    each for each in self._with_root[root] if each.roots <= self._kept.keys()
                )
            self._kept[root].add(referrer)


def _by_table(records: Iterable[_Doomed]) -> dict[str, list[int]]:
    """The ids of records by the name of their table."""
    ids: dict[str, list[int]] = {}
    for each in records:
        ids.setdefault(each.table.name, []).append(each.id)
    return ids


def _image(doomed: _Doomed) -> dict[str, object]:
    """A record as the journal keeps it."""
    confidential = {each.name for each in doomed.table.attributes if each.confidential}
    booleans = {each.name for each in doomed.table.attributes if each.type == "boolean"}
    return {
        # SQLite gives back the integers that it stores for booleans.
        name: bool(value) if name in booleans and value is not None else value
        for name, value in doomed.values.items()
        if name not in confidential
    }


def _columns(table: Table) -> list[str]:
    """The columns of fields, with that of the creator; those of keys follow from them."""
    names = ["creator_id", *(each.name for each in table.attributes)]
    for link in table.links:
        names.append(link.column)
        if link.adds_type_column and link.type_column is not None:
            names.append(link.type_column)
    return names
