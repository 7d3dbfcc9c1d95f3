"""Names, messages and values that no database can hold as they are."""

from longshore.imports import (
    NewError,
    NewWarning,
    errors_of,
    interrupt_import,
    log_errors,
    log_warnings,
    warnings_log,
)
from tests.behaviour.imports.factory import pending, stored

HALF = "\ud800"  # of a character; as a file has it whose name is no UTF-8


def test_what_is_only_shown_has_a_sign_in_the_place_of_what_cannot_be_stored(database):
    import_ = pending(database, source_name=f"a{HALF}\0.csv")
    assert import_.source_name == "a?\ufffd.csv"
    with database.write() as tx:
        interrupt_import(tx, import_.id, reason=f"no \0 in {HALF}")
    assert stored(database, import_).interruption_reason == "no \ufffd in ?"


def test_errors_and_warnings_are_logged_whatever_the_row_holds(database):
    import_ = pending(database)
    with database.write() as tx:
        log_errors(tx, import_.id, [NewError(1, 0, 2, "A\0", f"x{HALF}", "is \0", f"é{HALF}\0")])
        log_warnings(tx, import_.id, [NewWarning(1, 0, f"{HALF}", "has \0")])
    with database.read() as tx:
        (error,) = errors_of(tx, import_.id)
        assert (error.identifier, error.attribute) == ("A\ufffd", "x?")
        assert (error.message, error.value) == ("is \ufffd", "é?\ufffd")
        assert warnings_log(tx, import_.id, identifiers_max=1) == {"?": ["has \ufffd"]}


def test_names_of_columns_are_found_again_as_they_were(database):
    odd = f"\0{HALF}é"
    import_ = pending(database, column_map={odd: "code"}, ignored_columns=(odd,))
    found = stored(database, import_)
    assert dict(found.column_map) == {odd: "code"}
    assert tuple(found.ignored_columns) == (odd,)
