"""How templates write numbers, times and amounts of bytes.

Numbers and times are written in a form that every reader understands, with the exact value in the
markup (`<data>`, `<time>`); a module writes them again as the reader's browser does.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from markupsafe import Markup

_SHOWN_CHARACTERS = 200
_DASH = "–"


def number(value: int | float | None) -> Markup:
    """12,345; a dash for nothing at all."""
    if value is None:
        return Markup(_DASH)
    return Markup('<data class="n" value="{}">{:,}</data>').format(value, value)


def count(value: int | None) -> Markup:
    """The same, and a dash for 0, for tables in which most numbers are 0."""
    return number(value or None)


def time(value: int | None) -> Markup:
    """Milliseconds since 1970 as a moment, in UTC until a module knows better."""
    if value is None:
        return Markup(_DASH)
    moment = datetime.fromtimestamp(value / 1000, UTC)
    return Markup('<time datetime="{}">{} UTC</time>').format(
        moment.isoformat(timespec="milliseconds"), moment.strftime("%Y-%m-%d %H:%M:%S")
    )


def moment(text: str | None) -> Markup:
    """The same of a text such as the API writes."""
    if text is None:
        return Markup(_DASH)
    return time(round(datetime.fromisoformat(text).timestamp() * 1000))


def size(value: int | None) -> str:
    """Bytes as people read them: 2.4 MB."""
    if value is None:
        return _DASH
    amount = float(value)
    for unit in ("bytes", "kB", "MB", "GB"):
        if amount < 1000 or unit == "GB":
            return f"{amount:.0f} {unit}" if unit == "bytes" else f"{amount:.1f} {unit}"
        amount /= 1000
    raise AssertionError("GB is the last unit")


def duration(seconds: float | None) -> str:
    """0.4 s, 12 s, 3 min 20 s, 2 h 5 min."""
    if seconds is None:
        return _DASH
    if seconds < 10:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"


def plural(value: int, singular: str, plural_form: str | None = None) -> str:
    """1 row, 2,995 rows."""
    word = singular if value == 1 else plural_form or f"{singular}s"
    return f"{value:,} {word}"


def cell(value: object) -> Markup:
    """What a cell or a field holds, as text; a long one opens, what is not seen is shown."""
    if value is None:
        return Markup('<span class="none">null</span>')
    text = value if isinstance(value, str) else _plain(value)
    shown = "".join(map(_visible, text))
    if not shown:
        return Markup('<span class="none">blank</span>')
    if len(shown) <= _SHOWN_CHARACTERS:
        return Markup('<bdi class="cell">{}</bdi>').format(shown)
    return Markup(
        '<details class="cell"><summary><bdi>{}…</bdi></summary><bdi>{}</bdi></details>'
    ).format(shown[:_SHOWN_CHARACTERS], shown)


def _plain(value: object) -> str:
    import json

    return json.dumps(value, ensure_ascii=False, default=str)


def _visible(character: str) -> str:
    """A character that is seen: control characters have pictures of their own (U+2400)."""
    code = ord(character)
    if code < 32 and character not in "\n\t":
        return chr(0x2400 + code)
    if 0xD800 <= code <= 0xDFFF or code in (0x7F, 0xFEFF, 0xFFFE, 0xFFFF):
        return "\ufffd"
    if code == 0xA0:
        return "\u2420"
    return character


def capitalize_first(text: str) -> str:
    """A message as the sentence that it is; names inside of it stay as they are."""
    return text[:1].upper() + text[1:]


FILTERS: Mapping[str, Callable[..., Any]] = {
    "capitalize_first": capitalize_first,
    "cell": cell,
    "count": count,
    "duration": duration,
    "moment": moment,
    "number": number,
    "plural": plural,
    "size": size,
    "time": time,
}
