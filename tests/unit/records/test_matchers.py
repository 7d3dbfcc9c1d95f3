from longshore.catalogue import ValueType
from longshore.records import MATCHERS
from longshore.records.matchers import ID, split_matcher

# The wire contract's list, section 6 of the specification of HTTP and JSON:API.
NAMES = (
    "eq not_eq eq_or_null not_eq_or_null in not_in in_or_null not_in_or_null not_eq_all "
    "lt lteq gt gteq lt_any lteq_any gt_any gteq_any lt_all lteq_all gt_all gteq_all "
    "matches does_not_match matches_any matches_all does_not_match_any does_not_match_all "
    "start not_start end not_end cont not_cont "
    "start_any start_all not_start_any not_start_all end_any end_all not_end_any not_end_all "
    "cont_any cont_all not_cont_all "
    "present blank null not_null true false jcont "
)


def test_there_are_the_51_matchers_of_the_wire_contract() -> None:
    names = NAMES.split()
    assert len(names) == 51
    assert set(MATCHERS) == set(names)


def test_every_type_can_be_asked_for_null_and_no_composed_one_for_order() -> None:
    for kind in (*ValueType, ID):
        assert MATCHERS["null"].takes(kind)
    assert not MATCHERS["lt"].takes(ValueType.OBJECT)
    assert not MATCHERS["cont"].takes(ID)
    assert MATCHERS["gt"].takes(ID)


def test_the_longest_matcher_of_a_name_is_tried_first() -> None:
    readings = [(fields, matcher.name) for fields, matcher in split_matcher("code_not_eq_or_null")]
    assert readings[0] == ("code", "not_eq_or_null")
    assert ("code_not", "eq_or_null") in readings
    assert readings[-1] == ("code_not_eq_or", "null")
