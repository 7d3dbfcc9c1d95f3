"""Requests with a key: claimed, kept, and answered again.

Theory of operation. Who comes first claims the key in a short transaction, before its body is
read; the others wait for what becomes of it. What a request creates and its answer are written in
one transaction (`ResourceReader.written`), which fails where the claim was taken over: that happens
when the process that has it is dead. So a process may die at any instant: either something was
created and the next try has the answer, or nothing was and the next try creates it.
"""

import threading
from collections.abc import Callable
from dataclasses import replace

from longshore.access import Environment, check_environment
from longshore.database import Database, Locks, Transaction
from longshore.errors import LongshoreError
from longshore.identifiers import environment_of
from longshore.operations.asker import Asker
from longshore.operations.found import Found
from longshore.operations.inclusion import Identity
from longshore.operations.packed_answers import unpack_found
from longshore.operations.resource_reader import ResourceReader, settled
from longshore.operations.selection import Selection
from longshore.operations.stores import Criteria, Resource, Stores
from longshore.records import Ids
from longshore.request_keys import (
    ClaimTaken,
    KeptAnswer,
    KeyClaim,
    KeyState,
    RequestKey,
    claim_key,
    keep_answer,
    read_answer,
    release_key,
)

# A refusal that is longer is not kept.
_REFUSAL_BYTES_MAX = 32 * 1024


class KeyedRequests:
    """Works out which request with a key is worked on, and what the others are answered."""

    def __init__(
        self,
        database: Database,
        stores: Stores,
        reader: ResourceReader,
        *,
        process: str,  # the name of this one
        be_known: Callable[[], None],  # has others know whether this process lives
        is_alive: Callable[[Transaction, str], bool],  # whether another one does
        read_seconds: float,
    ) -> None:
        self._database = database
        self._stores = stores
        self._reader = reader
        self._process = process
        self._be_known = be_known
        self._is_alive = is_alive
        self._read_seconds = read_seconds
        self._changing = threading.Lock()
        self._held: set[str] = set()  # claims that this process works on
        self._owed: dict[str, KeyClaim] = {}  # to be released, which has failed so far

    def claim(self, environment: Environment, claim: KeyClaim) -> KeptAnswer | KeyState:
        """Claim the key of a request: whether that was done, or another request has it, or what is
        kept of it. Whoever has claimed calls `finish`, `keep_refusal` or `release` in the end.

        Raises RequestRefused when the organization is deleted meanwhile.
        """
        self._be_known()
        with self._changing:
            self._held.add(claim.id)  # before the others of this process can see it
        try:
            with self._database.write(Locks(scope=environment.number)) as tx:
                check_environment(tx, environment.number)
                found = claim_key(
                    tx,
                    claim,
                    process=self._process,
                    is_held=lambda process, id_: self._is_held(tx, process, id_),
                )
        except BaseException:
            # An answer of the database may be lost, and the key be claimed.
            self._owe(claim)
            raise
        if found is not KeyState.CLAIMED:
            self.finish(claim)
        return found

    def look(self, key: RequestKey) -> KeptAnswer | KeyState:
        """What is kept of a key; otherwise whether a request has it."""
        with self._database.read(seconds=self._read_seconds) as tx:
            return read_answer(tx, key)

    def finish(self, claim: KeyClaim) -> None:
        """Say that the request is over, and its answer kept."""
        with self._changing:
            self._held.discard(claim.id)

    def keep_refusal(self, claim: KeyClaim, status: int, document: bytes) -> None:
        """Keep why a request was refused, if that is short enough; nothing comes of the request
        whenever it is sent again."""
        if len(document) > _REFUSAL_BYTES_MAX:
            self.release(claim)
            return
        try:
            with self._database.write(_locks(claim)) as tx:
                keep_answer(tx, claim, status=status, answer=document)
        except ClaimTaken:
            self.finish(claim)
        except LongshoreError:
            self._owe(claim)
        else:
            self.finish(claim)

    def release(self, claim: KeyClaim) -> None:
        """Let the next request with the key be worked on, unless something was created.

        What cannot be released at the moment is released by `release_owed`.
        """
        self._owe(claim)
        self.release_owed()

    def release_owed(self) -> None:
        """Release what could not be released before; while the database is away it stays owed."""
        for claim in tuple(self._owed.values()):
            try:
                with self._database.write(_locks(claim)) as tx:
                    release_key(tx, claim)
            except LongshoreError:
                return
            self._owed.pop(claim.id, None)

    def read(self, asker: Asker, kept: KeptAnswer, selection: Selection) -> Found | None:
        """What a request has created, as it stood then; None where that is not kept, and the
        resource is gone.

        What is read when a transaction is closed is read again: a signed address is a fresh one.
        """
        assert kept.resource_type is not None
        assert kept.resource_id is not None
        with self._database.read(seconds=self._read_seconds) as tx:
            if kept.answer is None:
                reading = self._reader.reading(tx, asker)
                found = self._reader.one(
                    reading, kept.resource_type, kept.resource_id, selection, action="create"
                )
            else:
                found = self._unpacked(tx, asker, kept.answer)
        if found is None:
            return None
        return replace(found, resource=settled(found.resource, is_lenient=True))

    def _unpacked(self, tx: Transaction, asker: Asker, packed: bytes) -> Found:
        """What was found, with what is not kept of it as it is by now."""
        catalogue = self._stores.catalogue
        unpacked = unpack_found(catalogue, packed)
        reading = self._reader.reading(tx, asker)
        found = unpacked.found

        def filled(resource: Resource, action: str) -> Resource:
            identity: Identity = catalogue.types[resource.type].table, resource.key
            names = unpacked.fresh.get(identity)
            if not names:
                return resource
            there = self._stores.of(resource.type).find(
                reading,
                resource.type,
                Criteria(within=Ids(ids=[resource.key])),
                fields=names,
                action=action,
            )
            fresh = {name: each.attributes.get(name) for each in there for name in names}
            return replace(resource, attributes={**resource.attributes, **fresh})

        included = [filled(each, "list") for each in found.included.resources]
        return replace(
            found,
            resource=filled(found.resource, "create"),
            included=replace(found.included, resources=included),
        )

    def _is_held(self, tx: Transaction, process: str, claim_id: str) -> bool:
        if process == self._process:
            return claim_id in self._held
        return self._is_alive(tx, process)

    def _owe(self, claim: KeyClaim) -> None:
        with self._changing:
            self._owed[claim.id] = claim
            self._held.discard(claim.id)


def _locks(claim: KeyClaim) -> Locks:
    return Locks(scope=environment_of(claim.key.application_id))
