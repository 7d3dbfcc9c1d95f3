"""The value that was most likely meant with one that its field refuses.

It is offered to somebody who decides, and it never changes what was meant: where a text could mean
two things, or only a part of it could be kept, nothing is offered. The field takes what is.
"""

import re
from collections.abc import Callable, Iterator, Mapping

from longshore.catalogue import CURRENCY_SIGNS, Attribute, Form, ValueType
from longshore.engine.values.converters import Converter, ValueRefused
from longshore.engine.values.money_units import is_of_cents
from longshore.engine.values.names_of_codes import COUNTRY_NAMES, CURRENCY_NAMES
from longshore.engine.values.nearest import nearest
from longshore.spellings import clear_cents, clear_date, clear_number, clear_whole_number

_QUOTES = "\"'`´“”„‟‘’‚‛«»‹›"
_AROUND = _QUOTES + ".,;:"
_NEGATIONS = tuple("!¬~-–−<>")  # what stands before a word and says that it is not so
# Texts within JSON, with the quotes that people have in place of its own.
_QUOTED = (
    (re.compile(r"[“”„‟]([^“”„‟\\]*)[“”„‟]"), ('"',)),
    (re.compile(r"'([^'\\]*)'"), tuple('"“”„‟')),
    (re.compile(r"[‘’‚‛]([^‘’‚‛\\]*)[‘’‚‛]"), tuple("\"“”„‟'")),
)
_LAST_COMMA = re.compile(r'("(?:[^"\\]|\\.)*")|(?<![\[{,\s]),(?=\s*[}\]])')
_CHARACTERS_MAX = 1_000

_WORDS = {
    **dict.fromkeys(("true", "yes", "ja", "j", "oui", "sì", "si", "sí", "sim", "tak"), "true"),
    **dict.fromkeys(("wahr", "vrai", "vero", "verdadero", "enabled", "1.0"), "true"),
    **dict.fromkeys(("false", "no", "nein", "non", "não", "nao", "nie"), "false"),
    **dict.fromkeys(("falsch", "faux", "falso", "disabled", "0.0"), "false"),
}
_TRUE_AND_FALSE = {"true": "true", "false": "false"}

_MAIL_FRAMES = re.compile(r"(?:mailto:\s*)?(?:[^<>]*<([^<>]+)>|(\S.*?))", re.IGNORECASE)
_SPELLED_AT = re.compile(r"\s*[\[({]\s*at\s*[\])}]\s*", re.IGNORECASE)
_SPELLED_DOT = re.compile(r"\s*[\[({]\s*dot\s*[\])}]\s*", re.IGNORECASE)
_AT = re.compile(r"\s*@+\s*")
_DOTS = re.compile(r"\.{2,}")
_COMMA_FOR_DOT = re.compile(r"([^.,]+),([A-Za-z]{2,})")


def mended(
    attribute: Attribute, value: str, convert: Converter, *, currency: str | None = None
) -> str | None:
    """What to write in place of a value; None: it is right, or nobody can tell what is.

    `convert` is the converter of the attribute, `currency` that of the records, where all have the
    same.
    """
    if not value.strip() or len(value) > _CHARACTERS_MAX or _takes(convert, value):
        return None
    tried: set[str | None] = {value}
    for candidate in _candidates(attribute, value.strip(), currency):
        if candidate and candidate not in tried and _takes(convert, candidate):
            return candidate
        tried.add(candidate)
    return None


def _takes(convert: Converter, value: str) -> bool:
    try:
        return convert(value) is not None
    except ValueRefused:
        return False


def _candidates(attribute: Attribute, text: str, currency: str | None) -> Iterator[str | None]:
    if attribute.enum:
        words = {name: name for name in attribute.enum} | dict(attribute.spellings)
        if not text.startswith(_NEGATIONS):
            yield nearest(text, words)
        return
    of_form = _BY_FORM.get(attribute.form) if attribute.form is not None else None
    if of_form is not None:
        yield from of_form(text)
        return
    if attribute.type is ValueType.INTEGER and is_of_cents(attribute.name):
        yield clear_cents(_unquoted(text), currency)
        return
    of_type = _BY_TYPE.get(attribute.type)
    if of_type is not None:
        yield from of_type(text)


def _number(text: str) -> Iterator[str | None]:
    yield clear_number(_unquoted(text))


def _integer(text: str) -> Iterator[str | None]:
    yield clear_whole_number(_unquoted(text))


def _unquoted(text: str) -> str:
    """A number without the quotes around it, or the one that marks a text in a worksheet: one
    behind it is a unit, of feet or of inches."""
    while len(text) > 1 and text[0] in _QUOTES and text[-1] in _QUOTES:
        text = text[1:-1]
    return text.removeprefix("'")


def _boolean(text: str) -> Iterator[str | None]:
    word = text.lstrip(_QUOTES).rstrip(_AROUND + "!").lower()
    yield _WORDS.get(word)
    if word.isalpha():
        yield word
        yield nearest(word, _TRUE_AND_FALSE)


def _datetime(text: str) -> Iterator[str | None]:
    text = text.strip(_QUOTES)
    yield text
    yield clear_date(text)


def _json(text: str) -> Iterator[str | None]:
    """What is inside of a text stays as it is, whatever it looks like."""
    spellings = [text]
    for quoted, others in _QUOTED:
        if not any(sign in text for sign in others):
            spellings.append(quoted.sub(r'"\1"', text))
    for spelling in spellings:
        yield spelling
        yield _LAST_COMMA.sub(lambda found: found[1] or "", spelling)


def _email(text: str) -> Iterator[str | None]:
    match = _MAIL_FRAMES.fullmatch(text)
    if match is None:
        return
    if len(_AT.findall(_SPELLED_AT.sub("@", text))) != 1:
        return  # of two addresses nobody knows which
    address = (match[1] or match[2]).lstrip(_QUOTES + "<([ \t").rstrip(_AROUND + ">)] \t")
    yield address
    local, at, domain = _AT.sub("@", _SPELLED_AT.sub("@", address)).partition("@")
    local, domain = _SPELLED_DOT.sub(".", local), _SPELLED_DOT.sub(".", domain)
    domain = _DOTS.sub(".", domain)
    yield f"{local}{at}{domain}"
    comma = _COMMA_FOR_DOT.fullmatch(domain)
    if comma is not None:
        yield f"{local}{at}{comma[1]}.{comma[2]}"


def _country(text: str) -> Iterator[str | None]:
    yield COUNTRY_NAMES.get(" ".join(text.lower().split()))
    text = text.strip(_AROUND + "()")
    yield COUNTRY_NAMES.get(" ".join(text.lower().split()))
    yield text.upper()


def _currency(text: str) -> Iterator[str | None]:
    text = text.strip(_AROUND + "()")
    yield CURRENCY_NAMES.get(" ".join(text.lower().split()))
    codes = (
        CURRENCY_SIGNS.get(text.lower(), frozenset()) if len(text) > 1 or not text.isascii() else ()
    )
    if len(codes) == 1:
        yield next(iter(codes))
    yield text.upper()


def _tag_name(text: str) -> Iterator[str | None]:
    yield text.strip(_QUOTES).rstrip(",;").removeprefix("#")


_Spell = Callable[[str], Iterator[str | None]]
_BY_FORM: Mapping[Form, _Spell] = {
    Form.EMAIL: _email,
    Form.COUNTRY: _country,
    Form.CURRENCY: _currency,
    Form.TAG_NAME: _tag_name,
}
_BY_TYPE: Mapping[ValueType, _Spell] = {
    ValueType.INTEGER: _integer,
    ValueType.FLOAT: _number,
    ValueType.BOOLEAN: _boolean,
    ValueType.DATETIME: _datetime,
    ValueType.OBJECT: _json,
    ValueType.ARRAY: _json,
}
