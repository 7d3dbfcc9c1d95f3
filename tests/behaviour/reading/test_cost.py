"""What a question costs: no filter, sort or include reads a table again for each row of another.

Each list goes through the records of its environment at most once, as it counts them. What must
not happen is that a related table is read whole for each of them: the plans of both databases are
looked at, not the clock. Names of one shape ask a type in the same way, so one of each is enough;
each relationship has an index of its own, so all of them are asked.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TypeAlias

from sqlalchemy import Connection, event

from longshore.catalogue import Attribute, ResourceType, ValueType
from longshore.database import Transaction
from longshore.records.filters import sortable_names
from longshore.records.matchers import ID, MATCHERS
from tests.behaviour.reading.factory import CATALOGUE, Records

Question: TypeAlias = tuple[str, dict[str, Any]]  # type, options of `find_ids`

VALUES = {
    ValueType.STRING: "a%b",
    ValueType.INTEGER: "1",
    ValueType.FLOAT: "1.5",
    ValueType.BOOLEAN: "true",
    ValueType.DATETIME: "2024-01-31",
    ValueType.OBJECT: '{"a": 1}',
    ValueType.ARRAY: "[1]",
}


def stored_types() -> Iterator[ResourceType]:
    for declared in CATALOGUE.types.values():
        if declared.table in CATALOGUE.tables:
            yield declared


def shape(declared: ResourceType, attribute: Attribute) -> tuple[object, ...]:
    """What the SQL of an attribute depends on: how it is stored, and which way its value comes."""
    made = attribute.computed or attribute.fallback
    return (attribute.type, attribute.fallback is None, made and (declared.table, repr(made)))


def filters_of_attributes() -> Iterator[Question]:
    """Each matcher of each type of values, each question of each way that a value can come."""
    seen: set[object] = set()
    for declared in stored_types():
        for attribute in declared.attributes:
            if not attribute.filterable:
                continue
            is_stored = not (attribute.computed or attribute.fallback)
            for matcher in MATCHERS.values():
                asked = matcher.name if is_stored else (matcher.question, matcher.or_null)
                key = (shape(declared, attribute), asked)
                if matcher.takes(attribute.type) and key not in seen:
                    seen.add(key)
                    value = "true" if matcher.takes_switch else VALUES[attribute.type]
                    yield declared.name, {"filters": [(f"{attribute.name}_{matcher.name}", value)]}


def filters_of_relationships(id_: str) -> Iterator[Question]:
    """Who is linked to a record, and who to none, by each relationship."""
    for declared in stored_types():
        for relationship in declared.relationships:
            if relationship.filterable:
                name = f"{relationship.name}_id"
                yield declared.name, {"filters": [(f"{name}_eq", id_)]}
                yield declared.name, {"filters": [(f"{name}_null", "true")]}


def sorts() -> Iterator[Question]:
    """Each shape of attributes in both directions."""
    seen = set()
    for declared in stored_types():
        by_name = {each.name: each for each in declared.attributes}
        for name in sortable_names(declared):
            found = name if name == ID else shape(declared, by_name[name])
            if found not in seen:
                seen.add(found)
                yield declared.name, {"sort": [name]}
                yield declared.name, {"sort": [f"-{name}"]}


def read_too_often_on_sqlite(driver: Any, sql: str, parameters: Any, few: bool) -> list[str]:
    """Steps of a plan that go through a table for each row of another one.

    Tables that stand beside each other are loops within each other, a correlated subquery is run
    for each row (sqlite.org/eqp.html). A range of ids alone is all records of an environment.
    """
    steps = driver.execute(f"EXPLAIN QUERY PLAN {sql}", parameters).fetchall()
    found: list[str] = []

    def look(parent: int, is_repeated: bool) -> None:
        for id_, above, _, detail in steps:
            if above != parent:
                continue
            if re.match("(SCAN|SEARCH) ", detail) and "VIRTUAL TABLE" not in detail:
                is_whole = detail.startswith("SCAN") or detail.endswith("(rowid>? AND rowid<?)")
                if is_whole and is_repeated:
                    found.append(detail)
                look(id_, is_repeated)
                is_repeated = True
            elif detail.startswith(("LIST", "SCALAR", "MATERIALIZE", "CO-ROUTINE")):
                look(id_, few)  # once, wherever it stands
            else:
                look(id_, is_repeated or detail.startswith("CORRELATED"))

    look(0, few)
    return found


def read_too_often_on_postgresql(driver: Any, sql: str, parameters: Any, few: bool) -> list[str]:
    """The same of a plan that would do anything to avoid reading a table whole.

    The inner side of a nested loop and a subplan that is not hashed are run for each row.
    """
    ((plans,),) = driver.execute(f"EXPLAIN (FORMAT JSON) {sql}", parameters).fetchall()
    found: list[str] = []

    def look(node: dict[str, Any], is_repeated: bool) -> None:
        kind, below = node["Node Type"], node.get("Plans", [])
        conditions = conditions_of(node)
        if is_repeated and "Relation Name" in node and " = " not in conditions:
            found.append(f"{kind} of {node['Relation Name']} {conditions}")
        hashed = re.findall(r"hashed (SubPlan \d+)", str(node.get("Filter")))
        # One record on the outer side is as good as none.
        is_loop = kind == "Nested Loop" and not any(map(is_one_record, below))
        for child in below:
            match child["Parent Relationship"]:
                case "SubPlan":
                    look(child, is_repeated or child["Subplan Name"] not in hashed)
                case "Inner":
                    look(child, is_repeated or is_loop)
                case _:
                    look(child, is_repeated)

    look(plans[0]["Plan"], few)
    return found


def conditions_of(node: dict[str, Any]) -> str:
    return " ".join(str(node.get(each, "")) for each in ("Index Cond", "Recheck Cond"))


def is_one_record(node: dict[str, Any]) -> bool:
    return re.search(r"\bid = '\d+'", conditions_of(node)) is not None or any(
        map(is_one_record, node.get("Plans", []))
    )


class Judge:
    """Looks at the plans of all statements of a transaction."""

    def __init__(self, tx: Transaction, *, is_embedded: bool) -> None:
        self._driver = tx.connection.connection.driver_connection
        self._look = read_too_often_on_sqlite if is_embedded else read_too_often_on_postgresql
        self._few = False
        self._asked: object = None
        self.asked = 0
        self.dear: list[object] = []
        event.listen(tx.connection, "before_cursor_execute", self._note)
        if not is_embedded:
            # Empty tables are read whole, unless that is forbidden.
            tx.execute("SET LOCAL enable_seqscan = off")

    def about(self, question: object, *, few: bool = False) -> None:
        """What the next statements are for; `few` says that they know which records they want."""
        self._asked, self._few = question, few
        self.asked += 1

    def _note(
        self, _connection: Connection, _cursor: Any, sql: str, parameters: Any, *_others: object
    ) -> None:
        if found := self._look(self._driver, sql, parameters, self._few):
            self.dear.append((self._asked, found))


@contextmanager
def judging(records: Records) -> Iterator[tuple[Transaction, Judge]]:
    """A transaction whose statements read no table too often."""
    with records.database.read() as tx:
        judge = Judge(tx, is_embedded=records.database.is_embedded)
        yield tx, judge
    assert judge.dear == []


def ask(records: Records, tx: Transaction, judge: Judge, questions: Iterator[Question]) -> None:
    for resource_type, options in questions:
        judge.about((resource_type, options))
        records.reader.find_ids(tx, resource_type, limit=25, **options)


DEAR = "SELECT id, (SELECT count(*) FROM skus WHERE skus.name = tags.name) FROM tags"
CHEAP = "SELECT id, (SELECT count(*) FROM skus WHERE skus.id = tags.id) FROM tags"


def test_a_table_that_is_read_for_each_row_is_seen(records: Records) -> None:
    with records.database.read() as tx:
        judge = Judge(tx, is_embedded=records.database.is_embedded)
        tx.connection.exec_driver_sql(CHEAP)
        assert judge.dear == []
        tx.connection.exec_driver_sql(DEAR)
        assert len(judge.dear) == 1


def test_no_filter_of_an_attribute_reads_a_table_for_each_row(records: Records) -> None:
    with judging(records) as (tx, judge):
        ask(records, tx, judge, filters_of_attributes())
    assert judge.asked > 500


def test_no_filter_of_a_relationship_reads_a_table_for_each_row(records: Records) -> None:
    with judging(records) as (tx, judge):
        ask(records, tx, judge, filters_of_relationships(records.public(7)))
    assert judge.asked > 500


def test_no_sort_reads_a_table_for_each_row(records: Records) -> None:
    with judging(records) as (tx, judge):
        ask(records, tx, judge, sorts())
    assert judge.asked > 20


def test_no_include_reads_a_table_whole(records: Records) -> None:
    with judging(records) as (tx, judge):
        for declared in stored_types():
            for relationship in declared.relationships:
                if relationship.includable and relationship.name != "events":
                    judge.about((declared.name, relationship.name), few=True)
                    records.reader.links(tx, declared.name, relationship.name, [7, 8], limit=25)
    assert judge.asked > 300


def test_who_has_no_others_is_found_in_time_however_many_there_are(records: Records) -> None:
    """PostgreSQL compares each record with all of a list that is too long to be hashed."""
    count = 4_000
    list_ = records.add("price_lists", name="EU", currency_code="EUR", metadata="{}")
    skus = records.add_many("skus", [{"metadata": "{}"}] * count)
    row = {"price_list_id": list_, "amount_cents": 1, "metadata": "{}"}
    records.add_many("prices", [{**row, "sku_id": id_} for id_ in skus])
    if not records.database.is_embedded:
        with records.database.write() as tx:
            tx.execute("ANALYZE skus, prices")
    with records.database.read() as tx:
        for filter_ in (
            ("prices_id_null", "true"),
            ("prices_amount_cents_null", "true"),
            ("prices_amount_cents_not_eq_or_null", "3"),
            ("prices_price_list_name_blank", "true"),
        ):
            steps = steps_of(records, tx, filter_)
            assert steps < count * 100, (filter_, steps)


def steps_of(records: Records, tx: Transaction, filter_: tuple[str, str]) -> float:
    """What counting SKUs takes: instructions of SQLite, rows that PostgreSQL goes through."""
    driver: Any = tx.connection.connection.driver_connection
    steps = 0.0

    def step() -> None:
        nonlocal steps
        steps += 100

    def note(
        _connection: Connection, _cursor: Any, sql: str, parameters: Any, *_others: object
    ) -> None:
        nonlocal steps
        explain = f"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {sql}"
        ((plans,),) = driver.execute(explain, parameters).fetchall()
        steps += rows_of(plans[0]["Plan"])

    if records.database.is_embedded:
        driver.set_progress_handler(step, 100)
        records.reader.count(tx, "skus", filters=[filter_])
        driver.set_progress_handler(None, 0)
    else:
        tx.execute("SET LOCAL work_mem = '64kB'")
        tx.execute("SET LOCAL hash_mem_multiplier = 1")
        event.listen(tx.connection, "before_cursor_execute", note)
        records.reader.count(tx, "skus", filters=[filter_])
        event.remove(tx.connection, "before_cursor_execute", note)
    return steps


def rows_of(node: dict[str, Any]) -> float:
    """How many rows the nodes of a plan have given and thrown away."""
    thrown = sum(rows for name, rows in node.items() if name.startswith("Rows Removed"))
    own = (node["Actual Rows"] + thrown) * node["Actual Loops"]
    return float(own + sum(map(rows_of, node.get("Plans", []))))
