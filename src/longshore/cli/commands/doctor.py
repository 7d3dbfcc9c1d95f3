"""`longshore doctor`: what is stored, and only a person can put right."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from longshore.cli.commands.options import json_option
from longshore.cli.documents import write_document
from longshore.cli.places import Place, open_place, takes_place

if TYPE_CHECKING:
    from longshore.operations import KeyMeeting

__all__ = ["doctor"]


@click.group("doctor", short_help="Find what is stored and only a person can put right.")
def doctor() -> None:
    """Find what is stored and only a person can put right. Nothing is changed."""


@doctor.command("keys", short_help="List records whose keys differ in what nobody sees.")
@json_option
@takes_place
def keys(place: Place, as_json: bool) -> None:
    """List records of all organizations whose keys differ only in what nobody sees (blanks, what
    has no width, forms of letters), with what refers to each.

    Releases before 0.2 took them for different keys. Rename or delete one of each by its id;
    `longshore migrate` then spells the other one as keys are. Nothing is merged.
    """
    with open_place(place, makes=False) as longshore:
        if as_json:
            write_document({"data": [_object(each) for each in longshore.records.key_meetings()]})
            return
        count = 0
        for meeting in longshore.records.key_meetings():
            count += 1
            _write(meeting)
        if not count:
            click.echo("no keys differ only in what nobody sees")


def _object(meeting: KeyMeeting) -> dict[str, Any]:
    return {
        "organization": meeting.organization,
        "mode": meeting.mode,
        "type": meeting.resource_type,
        "key": list(meeting.fields),
        "records": [
            {"id": each.id, "values": list(each.values), "referrers": dict(each.referrers)}
            for each in meeting.records
        ],
    }


def _write(meeting: KeyMeeting) -> None:
    where = f"{meeting.organization}, {meeting.mode}"
    click.echo(f"{meeting.resource_type} ({where}): {' + '.join(meeting.fields)}")
    for record in meeting.records:
        # With escapes: what they differ in cannot be seen.
        values = " + ".join(ascii(value) for value in record.values)
        counts = [f"{count:,} {name.replace('_', ' ')}" for name, count in record.referrers.items()]
        click.echo(f"  {record.id}  {values}  referred to by {', '.join(counts) or 'nothing'}")
