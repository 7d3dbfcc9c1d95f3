"""How the text of a CSV is cut into cells: what was asked for, and what was decided."""

from dataclasses import dataclass, fields

from longshore.errors import RequestRefused

# White space, and what shows nothing: a cell of these alone is blank.
BLANKS = (
    "\t\x0b\x0c\x1c\x1d\x1e\x1f \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007"
    "\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000"
    "\u180e\u200b\u200c\u200d\u2060\ufeff"
)
_LINE_ENDS_AND_BLANKS = "\r\n" + BLANKS
_TABS = ("tab", "\\t")
_NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class CsvRules:
    """The rules by which bytes become cells."""

    encoding: str
    delimiter: str  # one character
    quote: str = '"'  # one character; "" where quotes are text
    escape: str = ""  # takes a quote, or itself, as text; "" where a quote is doubled for that
    header: tuple[str, ...] = ()  # its names, trimmed: a line of the same names is no row


@dataclass(frozen=True, slots=True, kw_only=True)
class CsvOptions:
    """What somebody says of a CSV; None: it is to be found out."""

    delimiter: str | None = None
    quote: str | None = None  # "" for none
    escape: str | None = None  # "" for none
    header_row: int | None = None  # the physical line on which the header starts, from 1

    @classmethod
    def parse(
        cls,
        *,
        delimiter: str | None = None,
        quote: str | None = None,
        escape: str | None = None,
        header_row: int | None = None,
    ) -> "CsvOptions":
        """The options as people write them; raises RequestRefused for what cannot be."""
        options = cls(
            delimiter="\t" if delimiter is not None and delimiter.lower() in _TABS else delimiter,
            quote="" if quote == _NONE else quote,
            escape="" if escape == _NONE else escape,
            header_row=header_row,
        )
        _check_character("delimiter", options.delimiter)
        for name, value in (("quote", options.quote), ("escape", options.escape)):
            if value != "" or (quote if name == "quote" else escape) == "":
                _check_character(name, value, may_be_none=True)
        if header_row is not None and header_row < 1:
            raise RequestRefused(f"the header row is {header_row}, and lines are counted from 1")
        # A cell is quoted by " where nobody says otherwise.
        quote_ = '"' if options.quote is None else options.quote
        told = [each for each in (options.delimiter, quote_, options.escape) if each]
        if len(set(told)) < len(told):
            raise RequestRefused(
                "delimiter, quote and escape have to be three different characters",
                hint="a quote that is doubled inside of a cell needs no escape: leave it out",
            )
        return options

    def named(self) -> list[str]:
        """The options that were given, by name."""
        return [each.name for each in fields(self) if getattr(self, each.name) is not None]


def is_blank(cell: str) -> bool:
    """Whether a cell holds nothing that shows."""
    return not cell or cell.isspace() or not cell.strip(_LINE_ENDS_AND_BLANKS)


def trimmed(cell: str) -> str:
    """A cell without what shows nothing at its ends."""
    return cell.strip(_LINE_ENDS_AND_BLANKS)


def _check_character(name: str, value: str | None, *, may_be_none: bool = False) -> None:
    if value is None:
        return
    if len(value) != 1 or value in "\r\n\0\ufeff" or value.isalnum():
        also = ", or none" if may_be_none else ", or tab"
        raise RequestRefused(
            f"the {name} is {value!r}, expected one character that is no letter, digit or line end"
            f"{also}"
        )
