"""Currencies as ISO 4217 lists them, and how amounts in them are written.

Codes without a minor unit (precious metals, funds of the IMF, testing) are left out: nothing is
priced in them.
"""

from collections.abc import Mapping

_CODES_BY_EXPONENT: Mapping[int, str] = {
    0: """
        BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF
    """,
    2: """
        AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BOV BRL BSD BTN BWP
        BYN BZD CAD CDF CHE CHF CHW CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR
        FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR
        KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV
        MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR
        SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH
        USD USN UYU UZS VED VES WST XAD XCD XCG YER ZAR ZMW ZWG
    """,
    3: "BHD IQD JOD KWD LYD OMR TND",
    4: "CLF UYW",
}

# Code -> digits of the minor unit: 2 for EUR, 0 for JPY.
EXPONENTS: Mapping[str, int] = {
    code: exponent for exponent, codes in _CODES_BY_EXPONENT.items() for code in codes.split()
}
CURRENCIES = frozenset(EXPONENTS)

_DEFAULT_EXPONENT = 2  # of amounts whose currency is not known

_SYMBOLS: Mapping[str, str] = {
    "AUD": "A$",
    "BRL": "R$",
    "CAD": "C$",
    "CNY": "CN¥",
    "EUR": "€",
    "GBP": "£",
    "HKD": "HK$",
    "ILS": "₪",
    "INR": "₹",
    "JPY": "¥",
    "KRW": "₩",
    "MXN": "MX$",
    "NGN": "₦",
    "NZD": "NZ$",
    "PHP": "₱",
    "TRY": "₺",
    "TWD": "NT$",
    "UAH": "₴",
    "USD": "$",
    "VND": "₫",
}

# How the currencies are signed that amounts are written in; one sign may stand for several.
_CODES_BY_SIGN: Mapping[str, str] = {
    "$": """
        ARS AUD BBD BMD BND BSD BZD CAD CLP COP CUP DOP FJD GYD HKD JMD KYD LRD MXN NAD NZD SBD
        SGD SRD TTD TWD USD UYU XCD
    """,
    "€": "EUR",
    "£": "EGP FKP GBP GIP LBP SHP SSP SYP",
    "¥": "CNY JPY",
    "₩": "KPW KRW",
    "₹": "INR",
    "₪": "ILS",
    "₱": "PHP",
    "₺": "TRY",
    "₴": "UAH",
    "₦": "NGN",
    "₫": "VND",
    "₽": "RUB",
    "₸": "KZT",
    "฿": "THB",
    "zł": "PLN",
    "kč": "CZK",
    "kr": "DKK ISK NOK SEK",
    "fr": "CHF",
    "sfr": "CHF",
    "ft": "HUF",
    "lei": "MDL RON",
    "лв": "BGN",
    "r": "ZAR",
    "us$": "USD",
    "ca$": "CAD",
    "au$": "AUD",
}
# Sign, or symbol as `money_text` writes it, in lower case -> codes that it may stand for.
CURRENCY_SIGNS: Mapping[str, frozenset[str]] = {
    **{symbol.lower(): frozenset((code,)) for code, symbol in _SYMBOLS.items()},
    **{sign: frozenset(codes.split()) for sign, codes in _CODES_BY_SIGN.items()},
}


def money_plain(cents: int, currency_code: str | None) -> str:
    """The amount with its code, as it cannot be mistaken: 1234.50 EUR, -500 JPY."""
    exponent = EXPONENTS.get(currency_code or "", _DEFAULT_EXPONENT)
    units, rest = divmod(abs(cents), 10**exponent)
    digits = f"{units}.{rest:0{exponent}d}" if exponent else f"{units}"
    sign = "-" if cents < 0 else ""
    return f"{sign}{digits} {currency_code}" if currency_code else f"{sign}{digits}"


def money_float(cents: int | None, currency_code: str | None) -> float | None:
    """The amount in units of the currency: 12.34 for 1234 EUR, 1234.0 for 1234 JPY."""
    if cents is None:
        return None
    exponent = EXPONENTS.get(currency_code or "", _DEFAULT_EXPONENT)
    return cents / float(10**exponent)


def money_text(cents: int | None, currency_code: str | None) -> str | None:
    """The amount for people: €1,234.50, -¥500, CHF 12.00; without a currency only the number."""
    if cents is None:
        return None
    code = currency_code or ""
    exponent = EXPONENTS.get(code, _DEFAULT_EXPONENT)
    units, rest = divmod(abs(cents), 10**exponent)
    digits = f"{units:,}.{rest:0{exponent}d}" if exponent else f"{units:,}"
    symbol = _SYMBOLS.get(code, f"{code} " if code else "")
    return f"{'-' if cents < 0 else ''}{symbol}{digits}"
