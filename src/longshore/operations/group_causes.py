"""Rows of earlier members of a group that failed, found for the errors of a later one."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace

from longshore.database import Transaction
from longshore.engine import Cause, FailedKeys, Prepared, single_keys
from longshore.imports import Import, failed_keys, failed_row_numbers, members_of
from longshore.operations.preparation import Preparation
from longshore.sources import AttachmentDamaged, AttachmentMissing, AttachmentStore


class GroupCauses:
    """Lets the members of groups tell of failed rows of those before them."""

    def __init__(self, attachments: AttachmentStore, preparation: Preparation) -> None:
        self._attachments = attachments
        self._preparation = preparation

    def beside(self, import_: Import, prepared: Prepared, flags: Mapping[str, object]) -> Prepared:
        """What the rows of an import go through, with the causes that it may have; `flags` are
        those of the organization."""
        if import_.group_id is None or not import_.group_position:
            return prepared
        return replace(prepared, causes=_StoredCauses(self, import_, flags))

    def read_keys(
        self, tx: Transaction, member: Import, flags: Mapping[str, object], known: FailedKeys
    ) -> None:
        """Read the keys of the failed rows of a member from its source, where that is there."""
        keys = self._preparation.of_import(member, flags).keys
        numbers = failed_row_numbers(tx, member.id)
        number = next(numbers, None)
        with suppress(AttachmentMissing, AttachmentDamaged):
            for rows in self._attachments.open(member.attachment_name, member.layout):
                while number is not None and number < rows.first + len(rows):
                    found = keys(rows.values[number - rows.first])
                    known.add(member.resource_type, found, Cause(member.id, number))
                    number = next(numbers, None)
                if number is None or known.is_full:
                    return

    def has_several_keys(self, resource_type: str) -> bool:
        """Whether records of a type can be named otherwise than by what its rows are called."""
        return len(single_keys(self._preparation.catalogue, resource_type)) > 1


class _StoredCauses:
    """The failed rows of the members before one.

    They are read when the first error asks for a type of theirs: all of these members have ended.
    """

    def __init__(self, causes: GroupCauses, import_: Import, flags: Mapping[str, object]) -> None:
        self._causes = causes
        self._import = import_
        self._flags = flags
        self._known = FailedKeys()
        self._members: Sequence[Import] | None = None
        self._called: set[str] = set()  # types whose rows are known by what the logs call them
        self._read: set[str] = set()  # and by all of their keys

    def find(self, tx: Transaction, types: Sequence[str], text: str) -> Cause | None:
        """A failed row that would have made a record of one of these types with this key."""
        if self._members is None:
            self._members = [
                each
                for each in members_of(tx, self._import.group_id or 0)
                if (each.group_position or 0) < (self._import.group_position or 0)
                and each.errors_count
            ]
        sought = [each for each in self._members if each.resource_type in types]
        if not sought:
            return None
        for member in sought:
            if member.resource_type not in self._called:
                for key in failed_keys(tx, member.id):
                    if self._known.is_full:
                        break
                    if key.identifier is not None:
                        cause = Cause(member.id, key.row)
                        self._known.add(member.resource_type, (key.identifier,), cause)
        self._called.update(types)
        found = self._known.find(types, text)
        if found is not None:
            return found
        for member in sought:
            type_ = member.resource_type
            if type_ not in self._read and self._causes.has_several_keys(type_):
                self._causes.read_keys(tx, member, self._flags, self._known)
        self._read.update(types)
        return self._known.find(types, text)
