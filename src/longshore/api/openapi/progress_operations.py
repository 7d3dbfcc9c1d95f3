"""The streams of events that tell how imports, plans, groups and undos get on."""

from longshore.api.openapi.answers import answers, document_answer
from longshore.api.openapi.parameters import parameter_ref
from longshore.api.openapi.values import Schema
from longshore.web import EVENT_STREAM

_WORDS = {
    "imports": "an import",
    "import_plans": "a plan",
    "import_groups": "an import group",
    "import_undos": "an undo",
}

LAST_EVENT_ID: Schema = {
    "name": "Last-Event-ID",
    "in": "header",
    "required": False,
    "description": "The id of the last event that was received: what was told with it is not told "
    "again, and a stream that has told all is answered with 204.",
    "schema": {"type": "string"},
}


def progress_path(type_: str) -> dict[str, Schema]:
    """The path of the stream of one of these types."""
    word = _WORDS[type_]
    stream = document_answer(
        "Events (WHATWG HTML, server-sent events), at least one a second: `progress` with all "
        "counts, the rows a second of the last ten (of an undo the changes), the seconds left and "
        "why it does not move; "
        "`failed` with the first failed rows as they come; `end` like `progress`, and nothing more "
        "behind it. The data of each is JSON. A stream ends after some minutes, and whenever the "
        "server stops: connect again with the id of the last event.",
        {"type": "string"},
        media_type=EVENT_STREAM,
    )
    return {
        f"/api/{type_}/{{id}}/progress": {
            "parameters": [parameter_ref("id")],
            "get": {
                "operationId": f"{type_}.progress",
                "tags": [type_],
                "summary": f"Look on at {word} while it runs",
                "parameters": [LAST_EVENT_ID],
                "responses": answers(
                    {**stream, "204": {"description": "All was told."}}, errors=[404]
                ),
            },
        }
    }
