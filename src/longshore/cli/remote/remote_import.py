"""A source goes to a server in parts, and is one import to whoever looks on.

Each part is an import of its own with a reference `<group>-0001` and a request key, so that one
whose creation was answered by nobody is answered again, or found, instead of being created twice.
As many are sent as a server has room for; when one is finished, the next one goes out.

With stop rules each part goes out when the one before it has ended, and none behind one that a rule
has stopped: nothing behind the row that a rule names has an effect.

Ctrl-C interrupts what the server has not finished and sends nothing more. SIGTERM and SIGHUP send
nothing more either, but what was sent goes on.
"""

from __future__ import annotations

import secrets
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from longshore.cli.messages import printable, say, warn
from longshore.cli.progress import Progress, TheirPace, show_progress
from longshore.cli.remote.client import ApiClient, list_in
from longshore.cli.remote.part_rules import PartRules
from longshore.cli.remote.parts import Part, StoredSource, group_id
from longshore.cli.remote.patience import pause
from longshore.cli.remote.progress_stream import ProgressStream
from longshore.cli.remote.refusals import ServerRefused, ServerUnanswered
from longshore.cli.remote.sent import SentPart
from longshore.cli.stops import StopRequested
from longshore.errors import LongshoreError, PermanentError, RequestRefused
from longshore.json_text import encode_json

if TYPE_CHECKING:
    from longshore.imports import ImportRequest

__all__ = ["RemoteImport", "Sending"]

UNFINISHED_MAX = 10
REFERENCE_ORIGIN = "longshore"

_LOOK_SECONDS_FIRST = 0.1
_LOOK_SECONDS_MAX = 1.0
_ROOM_SECONDS = 1.0  # until a server that had no room is asked again
_LIST_SIZE = 25
_SHOWN = "status,processed_count,errors_count,warnings_count,inputs_size"


@dataclass(slots=True)
class RemoteImport:
    """A source at a server: what was sent of it, and what became of that."""

    group: str
    rows_count: int
    parts_count: int
    sent: list[SentPart] = field(default_factory=list)  # in the order of the parts
    repeated: list[Part] = field(default_factory=list)  # imported before, and not to be again
    seconds: float = 0.0
    failure: LongshoreError | None = None  # why not everything was sent
    is_stopped: bool = False  # by a stop rule, so that nothing more was sent
    is_left_open: bool = False  # the command goes, and the server goes on

    @property
    def unfinished(self) -> list[SentPart]:
        return [each for each in self.sent if not each.is_finished]

    @property
    def consumed_count(self) -> int:
        """Rows gone through, of all parts."""
        return sum(each.consumed_count for each in self.sent)

    @property
    def status(self) -> str:
        """That of all parts as one."""
        statuses = {each.status for each in self.sent}
        if "interrupted" in statuses:
            return "interrupted"
        return "completed" if statuses == {"completed"} and self.is_sent else "in_progress"

    @property
    def is_sent(self) -> bool:
        return len(self.sent) + len(self.repeated) == self.parts_count

    @property
    def shows_outcomes(self) -> bool:
        """Whether the server tells how many rows were created, updated and unchanged."""
        return all("created_count" in each.meta for each in self.sent)

    def total(self, name: str) -> int:
        """The sum of a count over all parts."""
        return sum(each.count(name) for each in self.sent)

    @property
    def is_clean(self) -> bool:
        """Whether every row is in."""
        return self.is_sent and all(
            each.status == "completed" and not each.count("errors_count") for each in self.sent
        )


class Sending:
    """Sends the parts of a source, and looks on until all are finished."""

    def __init__(
        self,
        client: ApiClient,
        source: StoredSource,
        request: ImportRequest,
        parent: str | None,
        *,
        upload_id: str | None = None,
    ) -> None:
        """With an upload all of the source is one part, which the server has already."""
        self._upload_id = upload_id
        self._client = client
        self._source = source
        self._request = request
        self._parent = parent
        self._parts = source.parts() if upload_id is None else [source.whole()]
        self._whole = source.digest()
        # Rules of one part are those of the source.
        self._has_rules = bool(request.stop_rules) and len(self._parts) > 1
        self._unfinished_max = 1 if self._has_rules else UNFINISHED_MAX
        self._key = secrets.token_hex(16)  # another invocation is another import
        self._look_seconds = _LOOK_SECONDS_FIRST
        self._has_said_full = False
        self._stream: ProgressStream | None = None  # of the last import that is not finished
        self._tells = True  # as long as nothing else is known of the server
        self._said_wait: str | None = None  # why it does not move, as was said last
        self._refused: RequestRefused | None = None  # the last part that was imported before
        self.result = RemoteImport(
            group=group_id(), rows_count=source.rows_count, parts_count=len(self._parts)
        )

    def run(self, *, hidden: bool, with_inputs: bool) -> RemoteImport:
        """What became of the source; `with_inputs` shows the rows that the server echoes.

        Raises what the client raises, when nothing was sent or the server is lost. Raises
        StopRequested when nothing was sent.
        """
        result = self.result
        began = time.monotonic()
        try:
            with show_progress(hidden=hidden) as progress:
                progress.begin(f"importing {self._request.resource_type}")
                self._send_all(progress)
                if self._refused is not None and not result.sent:
                    raise self._refused
                if not result.unfinished:
                    progress.finish(result.consumed_count, result.rows_count, "rows")
        except StopRequested:
            self._stop()
            if not result.sent:
                raise
        result.seconds = time.monotonic() - began
        self._look_closely(with_inputs=with_inputs)
        return result

    def _send_all(self, progress: Progress) -> None:
        result = self.result
        waiting = deque(self._parts)
        looked_at = time.monotonic()
        while waiting or result.unfinished:
            self._client.stops.check()
            if waiting and len(result.unfinished) < self._unfinished_max:
                rules = self._rules()
                if result.is_stopped:
                    waiting.clear()
                elif self._send(waiting[0], rules):
                    waiting.popleft()
                elif result.failure is not None:
                    waiting.clear()
                if waiting and time.monotonic() - looked_at < _LOOK_SECONDS_MAX:
                    continue
            else:
                pause(self._client.stops, self._look_seconds)
                self._look_seconds = min(self._look_seconds * 1.5, _LOOK_SECONDS_MAX)
            pace = None if waiting else self._heard()
            if pace is None:
                self._look()
            looked_at = time.monotonic()
            progress.count(result.consumed_count, result.rows_count, "rows", pace)

    def _rules(self) -> PartRules | None:
        """The stop rules of the part that is sent next; None where each part has the same. Notes
        that nothing more is to be sent once a rule has stopped a part."""
        if not self._has_rules:
            return None
        result = self.result
        rules = PartRules.of(
            self._request.stop_rules,
            rows_count=result.rows_count,
            failed_count=result.total("errors_count"),
        )
        if rules is None or any(each.stopped_by for each in result.sent):
            result.is_stopped = True
        elif any(each.is_deleted for each in result.sent):
            # What failed in it is not known to the end.
            result.is_stopped = True
            result.failure = PermanentError("a part was deleted, so stop rules cannot be counted")
        return rules

    def _send(self, part: Part, rules: PartRules | None) -> bool:
        """Create the import of a part; False: the server has no room at the moment, or, with a
        failure in the result, refuses it."""
        reference = f"{self.result.group}-{part.number:04}"
        content = encode_json(self._document(part, reference, rules))
        try:
            created = self._client.post(
                "imports",
                content,
                key=f"{self._key}-{part.number:04}",
                find=lambda: self._find(reference),
            )
        except ServerUnanswered as error:
            if error.was_reached:
                error.hint = f"an import with the reference {reference} may have been made"
            raise
        except ServerRefused as refused:
            if refused.same_content_as is not None:
                return self._repeated(part, reference, refused, rules)
            if self._request.once and refused.is_unknown("once", "part_of"):
                raise RequestRefused(
                    "the server does not know of --once", hint="leave it out to import the file"
                ) from refused
            if self._source.mapping is not None and refused.is_unknown("mapping"):
                raise RequestRefused(
                    "the server does not know of mappings",
                    hint="import where the data is, or give the columns the names of fields",
                ) from refused
            if self._request.all_or_nothing and refused.is_unknown("all_or_nothing"):
                raise RequestRefused(
                    "the server does not know of --all-or-nothing", hint="import where the data is"
                ) from refused
            if refused.is_about_place and self._has_unfinished():
                if not self._has_said_full and not self.result.unfinished:
                    say(f"waiting: {refused.message}")
                    self._has_said_full = True
                pause(self._client.stops, _ROOM_SECONDS)
                return False
            if not self.result.sent:
                raise
            self.result.failure = refused
            return False
        sent = SentPart.of(part, created, rules)
        if self._request.once and not self.result.sent and "same_content_as" not in sent.meta:
            warn("the server does not say whether the file was imported before: --once did nothing")
        if self._source.mapping is not None and not sent.meta.get("mapping"):
            self._interrupt(sent.id)
            raise RequestRefused(
                f"the server does not know of mappings; its import {sent.id} was interrupted",
                hint="import where the data is, or give the columns the names of fields",
            )
        if self._request.all_or_nothing and not sent.meta.get("all_or_nothing"):
            self._interrupt(sent.id)
            raise RequestRefused(
                "the server does not know of --all-or-nothing; its import "
                f"{sent.id} was interrupted",
                hint="import where the data is",
            )
        self.result.sent.append(sent)
        return True

    def _repeated(
        self, part: Part, reference: str, refused: ServerRefused, rules: PartRules | None
    ) -> bool:
        """Leave out a part that was imported before; by an earlier try of ours, it was sent."""
        if (found := self._find(reference)) is not None:
            self.result.sent.append(SentPart.of(part, found, rules))
            return True
        self.result.repeated.append(part)
        self._refused = RequestRefused(
            refused.message, hint="nothing was imported; without --once it is imported again"
        )
        return True

    def _document(self, part: Part, reference: str, rules: PartRules | None) -> dict[str, Any]:
        request, source = self._request, self._source
        attributes: dict[str, Any] = {
            "resource_type": request.resource_type,
            "reference": reference,
            "reference_origin": REFERENCE_ORIGIN,
            "metadata": {
                "chunk_number": f"{part.number}/{len(self._parts)}",
                "chunk_items": f"{part.first}-{part.last}",
                "group_id": self.result.group,
            },
        }
        if self._parent is not None:
            attributes["parent_resource_id"] = self._parent
        if request.skip_errors:
            attributes["skip_errors"] = True
        if request.once:
            attributes["once"] = True
            if len(self._parts) > 1:
                # Parts of a source that has changed elsewhere are not what was imported before.
                attributes["part_of"] = self._whole
        attributes |= (request.stop_rules if rules is None else rules.told).to_dict()
        if request.all_or_nothing:
            attributes["all_or_nothing"] = True
        if request.only is not None:
            attributes["only"] = str(request.only)
        if source.mapping is not None:
            attributes["mapping"] = source.mapping.to_dict()
        if self._upload_id is not None:
            attributes["upload_id"] = self._upload_id
        else:
            attributes["format"] = "csv" if source.is_tabular else "json"
            attributes["inputs"] = source.inputs(part)
        return {"data": {"type": "imports", "attributes": attributes}}

    def _find(self, reference: str) -> dict[str, Any] | None:
        """The import with a reference, if a try whose answer was lost has created it."""
        query = [("filter[q][reference_eq]", reference), ("page[size]", "1")]
        found = list_in(self._client.get("imports", query))
        return {"data": found[0]} if found else None

    def _has_unfinished(self) -> bool:
        """Whether imports are unfinished, ours or those of others, that will make room."""
        query = [("filter[q][status_in]", "pending,in_progress"), ("page[size]", "1")]
        document = self._client.get("imports", [*query, ("fields[imports]", "status")])
        return bool(document.get("meta", {}).get("record_count"))

    def _look(self) -> None:
        """See how far everything unfinished is, with one request."""
        unfinished = self.result.unfinished
        if not unfinished:
            return
        query = [
            ("filter[q][id_in]", ",".join(each.id for each in unfinished)),
            ("fields[imports]", _SHOWN),
            ("page[size]", str(_LIST_SIZE)),
        ]
        found = {each.get("id"): each for each in list_in(self._client.get("imports", query))}
        for sent in unfinished:
            if sent.id in found:
                sent.update(found[sent.id])
            else:
                sent.is_deleted = True

    def _heard(self) -> TheirPace | None:
        """How fast the last import is that is not finished, with what its server tells by itself
        taken over; None: the server has to be asked."""
        unfinished = self.result.unfinished
        if len(unfinished) != 1 or not self._tells:
            return None
        stream = self._stream
        if stream is None:
            self._stream = ProgressStream(self._client, unfinished[0].id)
            return None
        if stream.is_over:
            self._stream, self._tells = None, stream.has_begun
        told = stream.latest
        if told is None:
            return None
        try:
            unfinished[0].hear(told)
            wait, rate, left = told["wait"], told["rows_per_second"], told["seconds_left"]
            reason = None if wait is None else str(wait["reason"])
            message = "" if wait is None else printable(str(wait["message"])).rstrip(".")
        except (LookupError, TypeError):
            self._tells = False  # events of something else
            return None
        if reason is not None and reason != self._said_wait:
            say(message)
        self._said_wait = reason
        return TheirPace(per_second=rate, seconds_left=left)

    def _stop(self) -> None:
        """Ctrl-C: interrupt what is unfinished, also what was created without an answer."""
        if not self._client.stops.is_interruption:
            self.result.is_left_open = True
            return
        for resource in self._unfinished_of_group():
            number = int(str(resource["attributes"]["reference"]).rpartition("-")[2])
            if all(each.part.number != number for each in self.result.sent):
                part = self._parts[number - 1]
                self.result.sent.append(SentPart.of(part, {"data": resource}))
                self.result.sent.sort(key=lambda each: each.part.number)
            self._interrupt(str(resource["id"]))
        self._look()

    def _unfinished_of_group(self) -> Sequence[dict[str, Any]]:
        query = [
            ("filter[q][reference_start]", f"{self.result.group}-"),
            ("filter[q][status_in]", "pending,in_progress"),
            ("fields[imports]", f"{_SHOWN},reference"),
            ("page[size]", str(_LIST_SIZE)),
        ]
        return list_in(self._client.get("imports", query))

    def _interrupt(self, id_: str) -> None:
        attributes = {"_interrupt": True}
        document = {"data": {"type": "imports", "id": id_, "attributes": attributes}}
        try:
            self._client.patch(f"imports/{id_}", document)
        except ServerRefused as refused:
            if refused.status not in (404, 422):  # finished or deleted meanwhile
                raise

    def _look_closely(self, *, with_inputs: bool) -> None:
        """Fetch of each import all that is told of it at its end."""
        shown = "" if with_inputs else f"{_SHOWN},skip_errors,errors_log,warnings_log"
        query = [("fields[imports]", shown)] if shown else []
        for sent in self.result.sent:
            if sent.is_deleted:
                continue
            try:
                sent.update(self._client.get(f"imports/{sent.id}", query).get("data"))
            except ServerRefused as refused:
                if refused.status != 404:
                    raise
                sent.is_deleted = True
