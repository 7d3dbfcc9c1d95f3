"""Countries as ISO 3166-1 lists them, and what addresses in them need."""

from collections.abc import Callable, Mapping

_CODES = """
AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR
BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ
EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW
GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY
KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV
MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY
QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG
TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM
ZW
"""
COUNTRIES = frozenset(_CODES.split())

# Addresses there do not carry a postal code, by the Universal Postal Union's country pages.
_CODES_WITHOUT_POSTAL_CODES = """
AE AG AO AW BF BI BJ BO BQ BS BW BZ CD CF CG CI CK CM CW DJ DM ER FJ GA GD GH GM GQ GY HK JM
KI KM KN KP LY ML MO MR MW NR NU PA QA RW SB SC SL SR ST SX SY TD TF TG TK TL TO TT TV UG UM
VU YE ZW
"""
_WITHOUT_POSTAL_CODES = frozenset(_CODES_WITHOUT_POSTAL_CODES.split())


def country_uses_zip(country_code: object) -> bool:
    """Whether an address in the country needs a postal code; not while the country is unknown."""
    return country_code in COUNTRIES and country_code not in _WITHOUT_POSTAL_CODES


# What the conditions of declarations may call.
PREDICATES: Mapping[str, Callable[[object], bool]] = {"country_uses_zip": country_uses_zip}
