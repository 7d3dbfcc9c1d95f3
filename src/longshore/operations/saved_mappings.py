"""Mappings under names: saved in versions, looked at, copied, renamed, deleted."""

from collections.abc import Callable, Sequence

from longshore.access import check_environment
from longshore.catalogue import Catalogue, importable_type
from longshore.database import Database, Locks, Transaction
from longshore.errors import RequestRefused
from longshore.mapping import MappingDocument, SourceShape
from longshore.operations.asker import Asker
from longshore.request_keys import keep_answer
from longshore.saved_mappings import (
    MappingReference,
    MappingSummary,
    SavedMapping,
    delete_mapping,
    find_mapping,
    list_mappings,
    list_versions,
    no_such_mapping,
    rename_mapping,
    save_mapping,
)


class NoSuchMapping(RequestRefused):
    """No mapping has this name, or this version."""


class MappingNameTaken(RequestRefused):
    """There is a mapping of this name."""


class SavedMappings:
    """The saved mappings of one installation, each environment its own."""

    def __init__(self, database: Database, catalogue: Catalogue, *, read_seconds: float) -> None:
        self._database = database
        self._catalogue = catalogue
        self._read_seconds = read_seconds

    def save(
        self,
        asker: Asker,
        name: str,
        document: MappingDocument,
        shape: SourceShape | None = None,
    ) -> tuple[SavedMapping, bool]:
        """Save the next version of a mapping, or its first; False beside it: the newest one says
        the same, and nothing was saved. Where `shape` is None, that of the version before stays.

        Raises RequestRefused for what cannot be saved.
        """
        self._check(document)
        with self._database.write(_locks(asker)) as tx:
            check_environment(tx, asker.environment.number)
            if shape is None:
                shape = _shape_before(find_mapping(tx, asker.environment.number, name), document)
            return save_mapping(
                tx,
                asker.environment.number,
                name,
                document,
                shape,
                application_id=asker.application_id,
            )

    def create(
        self,
        asker: Asker,
        name: str,
        document: MappingDocument,
        shape: SourceShape | None,
        answer: Callable[[SavedMapping], bytes],
    ) -> SavedMapping:
        """Save the first version of a mapping; `answer` makes what the asker is told, which is kept
        where a key was claimed.

        Raises MappingNameTaken, and RequestRefused for what cannot be saved.
        """
        self._check(document)
        number = asker.environment.number
        with self._database.write(_locks(asker)) as tx:
            check_environment(tx, number)
            if find_mapping(tx, number, name) is not None:
                raise MappingNameTaken(
                    f"there is a mapping {name!r}", hint="PATCH saves its next version"
                )
            saved, _ = save_mapping(
                tx, number, name, document, shape, application_id=asker.application_id
            )
            if asker.claim is not None:
                keep_answer(
                    tx, asker.claim, status=asker.claim.created_status, answer=answer(saved)
                )
        return saved

    def change(
        self,
        asker: Asker,
        name: str,
        document: MappingDocument,
        shape: SourceShape | None,
    ) -> SavedMapping:
        """Save the next version of a mapping that there is.

        Raises NoSuchMapping, and RequestRefused for what cannot be saved.
        """
        self.find(asker, name)
        return self.save(asker, name, document, shape)[0]

    def find(self, asker: Asker, name: str, version: int | None = None) -> SavedMapping:
        """A version of a mapping, the newest where none is named; raises NoSuchMapping."""
        with self._database.read(seconds=self._read_seconds) as tx:
            number = asker.environment.number
            found = find_mapping(tx, number, name, version)
            if found is None:
                refused = no_such_mapping(tx, number, name, version)
                raise NoSuchMapping(refused.message, hint=refused.hint)
        return found

    def named(self, asker: Asker, reference: MappingReference) -> SavedMapping:
        """The version that a reference names; raises NoSuchMapping."""
        return self.find(asker, reference.name, reference.version)

    def list(self, asker: Asker) -> Sequence[MappingSummary]:
        """The newest version of each mapping, by name."""
        with self._database.read(seconds=self._read_seconds) as tx:
            return list_mappings(tx, asker.environment.number)

    def versions(self, asker: Asker, name: str) -> Sequence[MappingSummary]:
        """The versions of a mapping that are kept, the newest first; raises NoSuchMapping."""
        with self._database.read(seconds=self._read_seconds) as tx:
            found = list_versions(tx, asker.environment.number, name)
            if not found:
                refused = no_such_mapping(tx, asker.environment.number, name)
                raise NoSuchMapping(refused.message, hint=refused.hint)
        return found

    def copy(self, asker: Asker, saved: SavedMapping, to: str) -> SavedMapping:
        """Save what a version says as the first version of another name.

        Raises MappingNameTaken, and RequestRefused for what cannot be saved.
        """
        number = asker.environment.number
        with self._database.write(_locks(asker)) as tx:
            check_environment(tx, number)
            _refuse_taken(tx, number, to)
            return save_mapping(
                tx,
                number,
                to,
                saved.document,
                saved.shape,
                application_id=asker.application_id,
            )[0]

    def rename(self, asker: Asker, name: str, to: str) -> None:
        """Give a mapping another name, with all of its versions. Imports keep the name that they
        were made with.

        Raises NoSuchMapping, MappingNameTaken, and RequestRefused for a name that cannot be.
        """
        number = asker.environment.number
        with self._database.write(_locks(asker)) as tx:
            check_environment(tx, number)
            _refuse_taken(tx, number, to)
            if not rename_mapping(tx, number, name, to):
                refused = no_such_mapping(tx, number, name)
                raise NoSuchMapping(refused.message, hint=refused.hint)

    def delete(self, asker: Asker, name: str) -> None:
        """Delete all versions of a mapping; raises NoSuchMapping. Imports keep what they have."""
        number = asker.environment.number
        with self._database.write(_locks(asker)) as tx:
            if not delete_mapping(tx, number, name):
                refused = no_such_mapping(tx, number, name)
                raise NoSuchMapping(refused.message, hint=refused.hint)

    def _check(self, document: MappingDocument) -> None:
        if document.resource_type is not None:
            importable_type(self._catalogue, document.resource_type)


def _refuse_taken(tx: Transaction, environment: int, name: str) -> None:
    if find_mapping(tx, environment, name) is not None:
        raise MappingNameTaken(f"there is a mapping {name!r}", hint="give another name")


def _shape_before(newest: SavedMapping | None, document: MappingDocument) -> SourceShape | None:
    """What the file looked like for which the newest version was made, if all columns that the
    document needs are in it: then it is the same file still."""
    if newest is None or newest.shape is None:
        return None
    names = {each.name for each in newest.shape.columns}
    needed = {column for each in document.fields.values() for column in each.columns}
    return newest.shape if needed <= names else None


def _locks(asker: Asker) -> Locks:
    return Locks(scope=asker.environment.number, exclusive=frozenset({"saved_mappings"}))
