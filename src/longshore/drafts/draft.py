"""A draft itself, and what is refused of one.

RequestRefused
├── DraftChangedMeanwhile  somebody else has changed it since it was shown
├── DraftOffsetConflict    bytes that do not follow those that are there
├── DraftComplete          all bytes are there, and no more are taken
├── DraftIncomplete        not all is there that was announced
├── DraftTooLarge          more bytes than a file may have
└── TooManyDrafts          more than an environment may have
"""

from dataclasses import dataclass, field

from longshore.drafts.choices import DraftChoices
from longshore.errors import RequestRefused

PARTS_MAX = 10_000


class DraftChangedMeanwhile(RequestRefused):
    """Somebody else, or the same person in another tab, has changed the draft since."""

    def __init__(self) -> None:
        super().__init__(
            "this import was changed in another window since this page was shown",
            hint="look at what it is now, and change it again where that is still wanted",
        )


class DraftOffsetConflict(RequestRefused):
    """The bytes do not follow those that are there; `offset` is where the next ones belong."""

    def __init__(self, *, received: int, offset: int) -> None:
        super().__init__(f"the file has {received} bytes, and the part begins at {offset}")
        self.offset = received


class DraftComplete(RequestRefused):
    """All bytes of the file are there, and no more are taken."""


class DraftIncomplete(RequestRefused):
    """There are not as many bytes as were announced, or none."""


class DraftTooLarge(RequestRefused):
    """The file would have more bytes, or more parts, than it may."""


class TooManyDrafts(RequestRefused):
    """The environment has as many drafts, or bytes in them, as it may have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftLimits:
    """What drafts may take up."""

    bytes_max: int  # of one file
    open_max: int  # drafts of one environment
    open_bytes_max: int  # in all of these
    kept_milliseconds: int  # after the last change


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDraft:
    """A draft that is asked for."""

    environment: int
    application_id: int | None
    source_name: str
    source_size: int | None = None  # in bytes; None: nobody has said so
    # The address from which the file is fetched, without what it may keep secret; None: it is sent.
    fetched_from: str | None = None
    choices: DraftChoices = field(default_factory=DraftChoices)


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchRefusal:
    """Why a file was not fetched, as people are told it."""

    message: str
    hint: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftFetch:
    """How the server comes by a file that it fetches from an address."""

    address: str  # without what it may keep secret
    until: int  # nobody fetches it any more unless this is moved on; milliseconds since 1970
    refusal: FetchRefusal | None = None  # why it was not fetched


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A stored draft at one moment; times are milliseconds since 1970."""

    id: int
    environment: int
    application_id: int | None
    source_name: str
    source_size: int | None
    received_bytes: int
    is_received: bool
    choices: DraftChoices
    version: int
    plan_id: int | None  # of the last plan, or group of plans
    import_id: int | None  # of the import, or import group, that was made of it
    created_at: int
    updated_at: int
    expires_at: int
    fetch: DraftFetch | None = None  # None: somebody sends the file
