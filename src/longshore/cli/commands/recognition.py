"""What a file is of which nobody has said it: found, told, and asked where that is not certain."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import click

from longshore.cli.group_report import tell_source
from longshore.cli.import_work import Work
from longshore.cli.messages import printable, say
from longshore.cli.progress import show_progress

if TYPE_CHECKING:
    from longshore.cli.commands.import_options import ToImport
    from longshore.imports import ImportRequest
    from longshore.operations import GroupOptions, GroupSource, SingleType, SourceNotRecognised
    from longshore.sources import AttachmentStore, Source

__all__ = ["OneType", "recognised"]


@dataclass(frozen=True, slots=True)
class OneType:
    """A file with rows of one type."""

    source: Source
    request: ImportRequest


@contextmanager
def recognised(
    work: Work, wanted: ToImport, attachments: AttachmentStore, *, is_guarded: bool
) -> Iterator[OneType | GroupSource]:
    """What a file is, said where nobody has named a type; it is to be read within the block.

    What a dialect has read is kept in `attachments`, until the block fails. Raises StopRequested,
    and RequestRefused for what cannot be recognised.
    """
    from longshore.operations import GroupOrigin, SingleType

    if wanted.resource_type is not None:
        source = wanted.source(work.stops, is_guarded=is_guarded)
        yield OneType(source, wanted.request(wanted.resource_type))
        return
    with ExitStack() as block:
        found = _opened(block, work, wanted, attachments, is_guarded=is_guarded)
        if isinstance(found, OneType):
            yield found
        elif isinstance(found, SingleType):
            for line in found.why:
                say(printable(line))
            request = wanted.request(found.resource_type)
            column_map = {**found.column_map, **request.column_map}
            yield OneType(found.source, replace(request, column_map=column_map))
        else:
            tell_source(GroupOrigin.of_source(found))
            yield found


def _opened(
    block: ExitStack,
    work: Work,
    wanted: ToImport,
    attachments: AttachmentStore,
    *,
    is_guarded: bool,
) -> OneType | GroupSource | SingleType:
    """What a file is, asked as often as it may be several things."""
    from longshore.operations import SourceNotRecognised

    asked: GroupOptions = wanted.group_options()
    while True:
        source = wanted.source(work.stops, is_guarded=is_guarded)
        try:
            with show_progress(hidden=work.verbose) as progress:
                progress.begin("reading")
                return block.enter_context(
                    work.longshore.group_sources.opened(
                        work.environment,
                        source,
                        asked,
                        attachments=attachments,
                        on_read=work.heeding(progress),
                    )
                )
        except SourceNotRecognised as error:
            choice = _chosen(error)
        if choice in work.longshore.catalogue.types:
            source = wanted.source(work.stops, is_guarded=is_guarded)
            return OneType(source, wanted.request(choice))
        asked = replace(asked, dialect=choice)


def _chosen(refused: SourceNotRecognised) -> str:
    """Which of the things that a file may be it is, as somebody at a terminal says; raises what was
    refused where there is nothing to choose from, or nobody to be asked."""
    if not refused.choices or not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise refused
    say(printable(refused.message))
    for number, name in enumerate(refused.choices, 1):
        click.echo(f"  {number}  {name}", err=True)
    kind = click.IntRange(1, len(refused.choices))
    try:
        number = click.prompt("which one is it?", type=kind, default=1, err=True)
    except click.Abort:
        raise refused from None
    return refused.choices[number - 1]
