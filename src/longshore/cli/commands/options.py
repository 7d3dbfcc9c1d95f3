"""Options that several commands have."""

from collections.abc import Callable
from typing import Any

import click

__all__ = [
    "import_argument",
    "json_option",
    "limit_option",
    "spreadsheet_safe_option",
    "type_argument",
    "verbose_option",
]

type_argument = click.argument("resource_type", metavar="TYPE")
import_argument = click.argument("public_id", metavar="ID")
json_option = click.option(
    "--json", "as_json", is_flag=True, help="One JSON document on standard output."
)

verbose_option = click.option(
    "--verbose",
    is_flag=True,
    help="Log every chunk to standard error instead of showing progress, as text or, with "
    "LONGSHORE_LOG_FORMAT=json, as JSON.",
)


def spreadsheet_safe_option(text: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """`--spreadsheet-safe`, explained by `text`."""
    return click.option("--spreadsheet-safe", "is_guarded", is_flag=True, help=text)


def limit_option(text: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """`--limit N`, explained by `text`."""
    return click.option("--limit", type=click.IntRange(min=1), metavar="N", help=text)
