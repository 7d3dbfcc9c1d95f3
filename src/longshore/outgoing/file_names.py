"""What a fetched file is called."""

import re
from collections.abc import Mapping
from email.message import Message
from email.utils import collapse_rfc2231_value
from urllib.parse import unquote

_LENGTH_MAX = 200


def file_name(path: str, headers: Mapping[str, str]) -> str:
    """By the header Content-Disposition (RFC 6266), else by the path of the address.

    Only the name: nothing that leads into a folder, nothing that a terminal would obey.
    """
    said = Message()
    said["Content-Disposition"] = headers.get("content-disposition", "")
    try:
        found = said.get_param("filename", header="Content-Disposition")
    except (ValueError, LookupError):  # an encoding that nobody knows
        found = None
    name = collapse_rfc2231_value(found) if found else unquote(path)
    name = re.split(r"[/\\]", name.rstrip("/\\"))[-1]
    return "".join(each for each in name if each.isprintable()).strip()[:_LENGTH_MAX]
