"""Where an upload stands, and how it may move on."""

from collections.abc import Mapping
from enum import StrEnum


class UploadState(StrEnum):
    """Where an upload stands."""

    RECEIVING = "receiving"  # its bytes come in parts
    CHECKING = "checking"  # all of them are there, and are read
    READY = "ready"  # an import can be made of it
    REFUSED = "refused"  # no import can: the bytes cannot be read
    EXPIRED = "expired"  # it waited too long, and its bytes are gone


# From a state to others, with what happens then.
TRANSITIONS: Mapping[UploadState, Mapping[UploadState, str]] = {
    UploadState.RECEIVING: {
        UploadState.CHECKING: "the client says that all bytes are there",
        UploadState.EXPIRED: "no byte has come for too long",
    },
    UploadState.CHECKING: {
        UploadState.READY: "the source was read to its end, and is kept as an attachment",
        UploadState.REFUSED: "the source cannot be read",
    },
    UploadState.READY: {UploadState.EXPIRED: "no import was made of it, or its time is over"},
    UploadState.REFUSED: {UploadState.EXPIRED: "its time is over"},
    UploadState.EXPIRED: {},
}
