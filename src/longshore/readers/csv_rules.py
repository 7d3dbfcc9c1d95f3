"""How the text of a CSV is cut into cells: what was asked for, and what was decided."""

import re
from dataclasses import dataclass, fields

from longshore.errors import RequestRefused

# White space, and what shows nothing: a cell of these alone is blank.
BLANKS = (
    "\t\x0b\x0c\x1c\x1d\x1e\x1f \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007"
    "\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000"
    "\u180e\u200b\u200c\u200d\u2060\ufeff"
)
_LINE_ENDS_AND_BLANKS = "\r\n" + BLANKS
DELIMITER_CHARACTERS_MAX = 8
_WORDS = {"tab": "\t", "\\t": "\t", "blank": " "}  # for what a shell makes hard to type
_NONE = "none"
_LINES = re.compile(r"(\d{1,9})(?:-(\d{1,9}))?", re.ASCII)
_HEADER_ROWS_MAX = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class CsvRules:
    """The rules by which bytes become cells."""

    encoding: str
    delimiter: str  # one character or several
    quote: str = '"'  # one character; "" where quotes are text
    escape: str = ""  # takes a quote, or itself, as text; "" where a quote is doubled for that
    header: tuple[str, ...] = ()  # its names, trimmed: a line of the same names is no row

    @property
    def core(self) -> str:
        """What of the delimiter may have no other meaning: of `, ` the comma."""
        return self.delimiter.strip() or self.delimiter

    @property
    def blanks(self) -> str:
        """The characters that may stand around the quotes of a cell."""
        if not self.delimiter.isspace():
            return BLANKS
        return "".join(each for each in BLANKS if each not in self.delimiter)


@dataclass(frozen=True, slots=True, kw_only=True)
class CsvOptions:
    """What somebody says of a CSV; None: it is to be found out."""

    delimiter: str | None = None
    quote: str | None = None  # "" for none
    escape: str | None = None  # "" for none
    header_row: int | None = None  # the physical line on which the header starts, from 1
    header_rows: int | None = None  # how many lines from there on are the header
    is_one_table: bool = False  # to the end of the source, with nothing below it

    @classmethod
    def parse(
        cls,
        *,
        delimiter: str | None = None,
        quote: str | None = None,
        escape: str | None = None,
        header_row: str | None = None,
    ) -> "CsvOptions":
        """The options as people write them; raises RequestRefused for what cannot be."""
        first, count = _header_lines(header_row)
        options = cls(
            delimiter=None if delimiter is None else _WORDS.get(delimiter.lower(), delimiter),
            quote="" if quote == _NONE else quote,
            escape="" if escape == _NONE else escape,
            header_row=first,
            header_rows=count,
        )
        _check_delimiter(options.delimiter)
        for name, value in (("quote", options.quote), ("escape", options.escape)):
            if value != "" or (quote if name == "quote" else escape) == "":
                _check_character(name, value)
        # A cell is quoted by " where nobody says otherwise.
        quote_ = '"' if options.quote is None else options.quote
        told = [*set(options.delimiter or ""), *filter(None, (quote_, options.escape))]
        if len(set(told)) < len(told):
            raise RequestRefused(
                "delimiter, quote and escape have to be three different characters",
                hint="a quote that is doubled inside of a cell needs no escape: leave it out",
            )
        return options

    def named(self) -> list[str]:
        """The options that were given, by name."""
        names = [each.name for each in fields(self) if getattr(self, each.name) is not None]
        return [name for name in names if name not in ("header_rows", "is_one_table")]


def is_blank(cell: str) -> bool:
    """Whether a cell holds nothing that shows."""
    return not cell or cell.isspace() or not cell.strip(_LINE_ENDS_AND_BLANKS)


def trimmed(cell: str) -> str:
    """A cell without what shows nothing at its ends."""
    return cell.strip(_LINE_ENDS_AND_BLANKS)


def _header_lines(text: str | None) -> tuple[int | None, int | None]:
    """The first line of the header, and how many there are, of a text such as 3 or 3-4."""
    if text is None:
        return None, None
    found = _LINES.fullmatch(text.strip())
    first = int(found[1]) if found else 0
    last = int(found[2] or first) if found else 0
    if not 1 <= first <= last < first + _HEADER_ROWS_MAX:
        raise RequestRefused(
            f"the header row is {text!r}, expected a line, counted from 1, such as 3, or two lines "
            "such as 3-4",
            hint="--header-row names where the header is",
        )
    return first, last - first + 1


def _check_delimiter(value: str | None) -> None:
    if value is None:
        return
    if not 0 < len(value) <= DELIMITER_CHARACTERS_MAX or any(map(_is_of_text, value)):
        raise RequestRefused(
            f"the delimiter is {value!r}, expected one to {DELIMITER_CHARACTERS_MAX} characters "
            "that are no letters, digits or line ends, or tab, or blank"
        )


def _check_character(name: str, value: str | None) -> None:
    if value is None:
        return
    if len(value) != 1 or _is_of_text(value):
        raise RequestRefused(
            f"the {name} is {value!r}, expected one character that is no letter, digit or line end"
            ", or none"
        )


def _is_of_text(character: str) -> bool:
    """Whether a character means something by itself in every CSV."""
    return character in "\r\n\0\ufeff" or character.isalnum()
