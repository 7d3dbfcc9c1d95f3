"""Records that rows need and that are not there: made as `longshore setup` does it, as an import
group that can be taken back."""

import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from longshore.access import Environment
from longshore.catalogue import COUNTRIES, CURRENCIES
from longshore.errors import RequestRefused
from longshore.imports import ImportGroup
from longshore.operations.asker import Asker
from longshore.operations.group_forms import GroupForms
from longshore.operations.group_source import GroupRequest, GroupSource
from longshore.operations.group_submissions import GroupSubmissions
from longshore.operations.group_trials import GroupTrials
from longshore.operations.import_groups import ImportGroups
from longshore.operations.import_words import message_of

NEEDED_TYPES = ("shipping_categories", "price_lists", "stock_locations")
_TO_FILL_IN = "to be filled in"
_NAME_CHARACTERS_MAX = 250
_WAIT_SECONDS = 10.0  # for whoever runs it, where that is somebody else
_LOOK_SECONDS = 0.1


class NeededRecords:
    """Makes such records in one installation."""

    def __init__(
        self,
        group_forms: GroupForms,
        trials: GroupTrials,
        submissions: GroupSubmissions,
        groups: ImportGroups,
    ) -> None:
        self._group_forms = group_forms
        self._trials = trials
        self._submissions = submissions
        self._groups = groups

    def create(
        self,
        asker: Asker,
        resource_type: str,
        name: str,
        *,
        currency: str | None,
        wake: Callable[[], None],
    ) -> str:
        """Make a record of one of `NEEDED_TYPES`; the code by which rows name it.

        Raises RequestRefused for what cannot be made, and where it is not there soon, because older
        imports come first.
        """
        if resource_type not in NEEDED_TYPES:
            raise RequestRefused(f"{resource_type} are not made on the way: import them first")
        name = name.strip()
        if not name or len(name) > _NAME_CHARACTERS_MAX:
            raise RequestRefused(f"expected a name of 1 to {_NAME_CHARACTERS_MAX} characters")
        row = _row(resource_type, name, currency)
        request = GroupRequest(application_id=asker.application_id)
        made = {resource_type: [row]}, f"new: {name}"
        self._check(asker.environment, self._group_forms.of_inputs(made[0], name=made[1]), request)
        source = self._group_forms.of_inputs(made[0], name=made[1])
        group = self._submissions.submit(asker.environment, source, request)
        group = self._finished(asker.environment, group, wake)
        if not group.is_finished:
            raise RequestRefused(
                f"{name} is made as soon as the imports before it are done",
                hint="look again in a moment",
            )
        if group.total("errors_count"):
            self._groups.delete(asker, group.id)
            raise RequestRefused(
                f"{name} could not be made, because something else was written meanwhile",
                hint="try again",
            )
        return str(row["code"])

    def _check(self, environment: Environment, source: GroupSource, request: GroupRequest) -> None:
        """Refuse a record that could not be made, for what is wrong with it; of an import that
        fails, a line in the list of imports would be left."""
        with self._trials.trial(environment, source, request) as tried:
            # All fields are made of the name, so one error says what is wrong with it.
            error = next((error for each in tried for error in each.errors()), None)
        if error is not None:
            raise RequestRefused(
                f"the record cannot be made: {error.attribute} {message_of(error)}",
                hint="choose another name",
            )

    def _finished(
        self, environment: Environment, group: ImportGroup, wake: Callable[[], None]
    ) -> ImportGroup:
        """The group once it has run, here unless a worker was quicker."""
        with suppress(RequestRefused):  # another process runs it, or older imports come first
            return self._groups.run(group)
        wake()
        end = time.monotonic() + _WAIT_SECONDS
        while time.monotonic() < end:
            group = self._groups.read(group.id)
            if group.is_finished:
                break
            time.sleep(_LOOK_SECONDS)
        return group


def _row(resource_type: str, name: str, currency: str | None) -> Mapping[str, Any]:
    if resource_type == "price_lists":
        code = (currency or "").strip().upper()
        if code not in CURRENCIES:
            raise RequestRefused(
                f"{code[:60]!r} is no currency: a code of ISO 4217 is expected, such as EUR"
            )
        return {"code": name, "name": name, "currency_code": code}
    if resource_type == "shipping_categories":
        # The code of what nobody has named is the one that files of other systems are given.
        return {"code": "default" if name == "Default" else name, "name": name}
    country = (currency or "")[:2]
    address = {
        "business": True,
        "company": name,
        "line_1": _TO_FILL_IN,
        "city": _TO_FILL_IN,
        "zip_code": "00000",
        "country_code": country if country in COUNTRIES else "DE",
        "phone": "0000000000",
    }
    return {"code": name, "name": name, "address": address}
