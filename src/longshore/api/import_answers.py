"""The document of an import that was just created or changed.

It is read in the transaction that writes, so that what was stored is never answered as if it was
not, because a second transaction failed. Only what the attachment tells is read after it: an object
store is not to be waited for within a transaction, and an answer can do without.
"""

from typing import Any

from longshore.api.context import ApiRequest
from longshore.api.queries import parse_document_query
from longshore.api.resource_documents import check_query, one_document, read_one
from longshore.database import Transaction
from longshore.errors import LongshoreError
from longshore.imports import Import

_OF_ATTACHMENT = ("inputs", "attachment_url")


class ImportAnswer:
    """The document of one import; what the query of the request cannot mean is refused at once."""

    def __init__(self, request: ApiRequest, action: str) -> None:
        self._request = request
        self._action = action
        self._query = parse_document_query(request.services.catalogue, "imports", request.query)
        check_query(request.context, "imports", self._query)
        self._document: dict[str, Any] = {}
        self._import: Import | None = None

    def read(self, tx: Transaction, import_: Import) -> None:
        """Read the import in the transaction that has written it."""
        context = self._request.context
        reading = context.reading(tx, asks_attachments=False)
        found = read_one(context, reading, "imports", import_.id, self._query, action=self._action)
        assert found is not None, "it was just written"
        self._document = one_document(context, reading, "imports", self._query, found)
        self._import = import_

    def document(self) -> dict[str, Any]:
        """What was read, with what the attachment tells, if it does."""
        assert self._import is not None, "it was read"
        context = self._request.context
        attributes = self._document["data"]["attributes"]
        wanted = [name for name in _OF_ATTACHMENT if name in attributes]
        try:
            attributes |= context.services.of_attachment(
                self._import, context.address.base_url, context.budget(), wanted=wanted
            )
        except (LongshoreError, OSError):
            pass  # the store is away; whoever asks for the import later sees its rows
        return self._document
