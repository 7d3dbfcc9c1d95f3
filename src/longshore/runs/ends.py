"""How an attempt at a run ends, and what follows from each end."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Completed:
    """All of it is done; the run has ended."""


@dataclass(frozen=True, slots=True)
class Interrupted:
    """The run has ended before all of it was done."""


@dataclass(frozen=True, slots=True)
class Released:
    """Whoever ran it was asked to stop, or gave way: others go on."""


@dataclass(frozen=True, slots=True)
class Lost:
    """Somebody else stopped it or has taken it over: nothing is this runner's business any more."""


@dataclass(frozen=True, slots=True)
class Failed:
    """It could not be gone on with."""

    error: BaseException
    # Too many such attempts in a row, and the run is interrupted. What is not the run's fault, a
    # full disk say, does not count.
    is_counted: bool

    @property
    def reason(self) -> str:
        """What went wrong, for people."""
        error = self.error
        message = getattr(error, "message", None)
        return message if isinstance(message, str) else f"{type(error).__name__}: {error}"


End: TypeAlias = Completed | Interrupted | Released | Lost | Failed


@dataclass(frozen=True, slots=True, kw_only=True)
class Consequences:
    """What is done when an attempt has ended."""

    gives_back: bool = False  # others may take it
    rests: bool = False  # but not at once, the longer the more often it failed in a row
    frees: bool = False  # those that waited for it are announced, and what it leaves is tidied


CONSEQUENCES: Mapping[type[End], Consequences] = {
    Completed: Consequences(frees=True),
    Interrupted: Consequences(frees=True),
    Released: Consequences(gives_back=True),
    Lost: Consequences(),
    Failed: Consequences(gives_back=True, rests=True),
}
