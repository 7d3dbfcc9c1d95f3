"""Forms with a file, as browsers send them without JavaScript (RFC 7578; HTML Standard, "Multipart
form data")."""

from email.parser import BytesParser
from email.policy import HTTP

from starlette.datastructures import Headers

from longshore.dashboard.refusals import PageRefused

# What browsers write in names for what would end them; a percent sign they leave as it is.
_ESCAPED = (("%22", '"'), ("%0D", "\r"), ("%0A", "\n"))


def read_multipart(headers: Headers, body: bytes) -> list[tuple[str, str]]:
    """The fields of a form; of a file its name under the field's, and its bytes, as Latin-1, under
    the field's with `.bytes`. Raises PageRefused."""
    head = f"Content-Type: {headers.get('content-type', '')}\r\n\r\n".encode("latin-1")
    message = BytesParser(policy=HTTP).parsebytes(head + body)
    if not message.is_multipart():
        raise PageRefused(400, "the form cannot be read")
    form: list[tuple[str, str]] = []
    for part in message.iter_parts():
        name = part.get_param("name", header="content-disposition")
        contents = part.get_payload(decode=True)
        if not isinstance(name, str) or not isinstance(contents, bytes):
            continue
        file_name = part.get_filename()
        if file_name is None:
            form.append((_unescaped(name), contents.decode("utf-8", "replace")))
        else:
            name, text = _unescaped(name), contents.decode("latin-1")
            form += [(name, _unescaped(file_name)), (f"{name}.bytes", text)]
    return form


def _unescaped(name: str) -> str:
    for escape, character in _ESCAPED:
        name = name.replace(escape, character)
    return name
