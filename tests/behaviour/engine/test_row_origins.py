"""The row of an import that has created a record, found from the ledger."""

import pytest

from longshore.imports import Import, LedgerEntry, RowOrigin, origin_of_creation, origin_of_row
from tests.behaviour.engine.organization import Organization


def creation(shop: Organization, import_: Import, id: str, table: str = "skus") -> RowOrigin | None:
    with shop.longshore.database.read() as tx:
        return origin_of_creation(tx, import_, table, shop.inside(id))


def row(shop: Organization, import_: Import, number: int) -> RowOrigin:
    with shop.longshore.database.read() as tx:
        return origin_of_row(tx, import_, number)


def csv(*rows: str) -> str:
    return "\n".join(["code,name,do_not_ship,tags", *rows, ""])


@pytest.mark.parametrize("chunk_rows", [1, 2, 3, 100])
def test_every_record_leads_to_its_row_whatever_the_chunks(
    shop: Organization, chunk_rows: int
) -> None:
    """Rows that create, update, leave, fail, and make tags besides: also in chunks whose rows
    create nothing else."""
    for code in ("OLD1", "OLD2", "OLD3", "OLD4"):
        shop.have("skus", code=code, name="old")
    working = shop.in_chunks(chunk_rows)
    rows = [
        "OLD1,new,true,",
        "OLD2,new,true,first",
        "A,a,true,",
        "OLD3,new,true,second",
        "OLD1,newer,true,first",
        ",bad,true,",
        "B,b,true,",
        "OLD4,new,true,third",
        "C,c,true,fourth",
        "A,again,true,",
        "OLD2,newer,true,fifth",
    ]
    import_ = working.load_csv("skus", csv(*rows), skip_errors=True).import_
    skus = {each["code"]: each["id"] for each in shop.all("skus")}
    tags = {each["name"]: each["id"] for each in shop.all("tags")}
    made = {"A": 3, "B": 7, "C": 9, "first": 2, "second": 4, "third": 8, "fourth": 9, "fifth": 11}
    for name, number in made.items():
        table = "skus" if name in skus else "tags"
        id = {**skus, **tags}[name]
        assert creation(shop, import_, id, table) == RowOrigin(number=number, line=number + 1), name
    for code in ("OLD1", "OLD4"):
        assert creation(shop, import_, skus[code]) is None
    for number in range(1, len(rows) + 1):
        assert row(shop, import_, number) == RowOrigin(number=number, line=number + 1)


def test_a_row_without_a_ledger_has_no_line(shop: Organization) -> None:
    import_ = shop.load("skus", [{"code": "A", "name": "a", "do_not_ship": True}]).import_
    with shop.longshore.database.write() as tx:
        tx.execute("DELETE FROM import_ledger")
    assert creation(shop, import_, shop.one("skus")["id"]) is None
    assert row(shop, import_, 1) == RowOrigin(number=1, line=None)


def test_few_entries_are_read_for_one_of_many_chunks(
    shop: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    count = 200
    rows = [{"code": f"S{n}", "name": "s", "do_not_ship": True} for n in range(count)]
    import_ = shop.in_chunks(1).load("skus", rows).import_
    unpacked: list[int] = []
    columns = LedgerEntry.columns

    def counted(entry: LedgerEntry):
        unpacked.append(entry.first_row)
        return columns(entry)

    monkeypatch.setattr(LedgerEntry, "columns", counted)
    skus = {each["code"]: each["id"] for each in shop.all("skus")}
    for number in (1, 57, 137, count):
        unpacked.clear()
        found = creation(shop, import_, skus[f"S{number - 1}"])
        assert found is not None
        assert found.number == number
        assert len(unpacked) <= 3
