"""Options that stop an import early or limit what it does."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from decimal import Decimal

    from longshore.error_codes import ErrorCode

__all__ = ["stop_options"]


class _Percentage(click.ParamType):  # type: ignore[type-arg]
    name = "percentage"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> Decimal:
        from longshore.imports import StopRuleRefused, percentage

        try:
            return percentage(value)
        except StopRuleRefused as refused:
            self.fail(f"{value!r} {refused.message}", param, ctx)


class _Code(click.ParamType):  # type: ignore[type-arg]
    name = "code"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> ErrorCode:
        from longshore.imports import StopRuleRefused, error_code

        try:
            return error_code(value)
        except StopRuleRefused as refused:
            said = refused.reason or "docs/reference/error-messages.md lists the codes"
            self.fail(f"{value!r} is no code of an error, {said}", param, ctx)


_OPTIONS = (
    click.option(
        "--stop-after",
        type=click.IntRange(min=1, max=(1 << 63) - 1),
        metavar="N",
        help="Interrupt the import when N rows have failed; 1 stops at the first one.",
    ),
    click.option(
        "--stop-at",
        type=_Percentage(),
        metavar="P%",
        help="Interrupt it when P per cent of all rows have failed, such as 2.5%.",
    ),
    click.option(
        "--stop-consecutive",
        type=click.IntRange(min=1, max=(1 << 63) - 1),
        metavar="N",
        help="Interrupt it when N rows have failed one directly after another.",
    ),
    click.option(
        "--stop-on",
        type=_Code(),
        multiple=True,
        metavar="CODE",
        help="Interrupt it at the first row with an error of this code, such as must_exist; may be "
        "given again.",
    ),
    click.option(
        "--only",
        type=click.Choice(["create", "update"]),
        help="Skip rows whose record is there (create), or those whose record is not (update).",
    ),
)


def stop_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options, in their order."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command
