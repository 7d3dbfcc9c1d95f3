"""What a dialect declares: how its files are recognised, and which records their rows make."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from longshore.dialects.conversion import Conversion
from longshore.dialects.exported_goods import GoodsExport
from longshore.dialects.header import Header
from longshore.readers import CsvOptions

_NOTHING_SAID = CsvOptions()
# Fields of texts that say which record is meant.
_NAMING = frozenset(
    ("code", "sku_code", "name", "email", "customer_email", "number", "order.number", "reference")
)


@dataclass(frozen=True, slots=True)
class HeaderSignature:
    """Names of columns that only files of one dialect have all of. Each part is a name, the start
    of one with a `*` behind it, or several of which one must be there."""

    parts: tuple[str | tuple[str, ...], ...]

    @classmethod
    def of(cls, *parts: str | tuple[str, ...]) -> "HeaderSignature":
        return cls(parts)

    def match(self, header: Header) -> tuple[str, ...] | None:
        """The columns by which a file is recognised; None: it is not."""
        found = []
        for part in self.parts:
            names = (part,) if isinstance(part, str) else part
            named = next((name for each in names if (name := header.named(each))), None)
            if named is None:
                return None
            found.append(named)
        return tuple(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class FileReading:
    """How the bytes of a file become cells."""

    csv: CsvOptions
    encoding: str | None = None  # None: by the content
    first_line: int = 0  # of what is meant; rows above it are for people


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """The files of one kind that one platform writes."""

    name: str  # as --as has it
    platform: str  # `shopify`: what the names of all its dialects begin with
    title: str  # for people: "Shopify products"
    made_from: str  # of which version of the platform the facts are
    signatures: Sequence[HeaderSignature]  # any of them
    # The types that its rows make, each with the fields that its records may have, in the order of
    # the columns of the member; `price_list.code` and the like stand for how a target is named.
    fields: Mapping[str, Sequence[str]]
    # By type and field: the columns that the value comes from, of which a file has one or another;
    # with `*` behind a name the first that starts so.
    sources: Mapping[str, Mapping[str, Sequence[str]]]
    convert: Callable[[Conversion], None]
    # Columns that have a home beside those of `sources`; with `*` all that start so. Others are
    # left out, and named in one warning.
    known: Sequence[str] = ()
    export: GoodsExport | None = None  # how such a file is written; None: it is only read
    options: frozenset[str] = frozenset()  # names of DialectOptions that it heeds
    reading: CsvOptions = field(default=_NOTHING_SAID)  # how its files are cut into cells
    encoding: str | None = None
    # Says of the first bytes of a file that it is of this dialect, where no header can; and how it
    # is read then.
    begins: Callable[[bytes], FileReading | None] | None = None
    # Of a spreadsheet that no platform writes: says of a header why it is one; None: it is not.
    looks_like: Callable[[Header], tuple[str, ...] | None] | None = None

    @property
    def is_of_platform(self) -> bool:
        """Whether a platform writes such files; else people do."""
        return self.looks_like is None

    @property
    def homes(self) -> list[str]:
        """The columns that mean something."""
        of_fields = (names for fields in self.sources.values() for names in fields.values())
        return [*self.known, *(name for names in of_fields for name in names)]

    @property
    def amounts(self) -> list[str]:
        """The columns that amounts come from."""
        return [
            name
            for fields in self.sources.values()
            for field_name, names in fields.items()
            if field_name.endswith("amount_cents")
            for name in names
        ]

    @property
    def names(self) -> list[str]:
        """The columns by which records are named."""
        return [
            name
            for fields in self.sources.values()
            for field_name, names in fields.items()
            if field_name in _NAMING
            for name in names
        ]

    def match(self, header: Header) -> tuple[str, ...] | None:
        """The columns by which a file is recognised as of this dialect; None: it is not."""
        if self.looks_like is not None:
            return self.looks_like(header)
        found = (signature.match(header) for signature in self.signatures)
        return next((each for each in found if each is not None), None)
