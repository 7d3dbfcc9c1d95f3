"""How a command ends: its exit code and, for a failure, one line that says what to do.

A user's mistake never shows a traceback; a bug always does, because it is to be reported.
"""

import errno
import sys
from collections.abc import Callable
from enum import IntEnum

import click

from longshore.cli.messages import fail
from longshore.cli.stops import StopRequested, interruptible, silence
from longshore.errors import LongshoreError, RequestRefused

__all__ = ["Exit", "guarded", "refuse_usage", "silence_output"]


_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)


class Exit(IntEnum):
    """What a script learns from a command."""

    DONE = 0
    HAD_ERRORS = 1  # rows failed, or something stopped the command before its end
    MISUSE = 2  # nothing was done: an unknown name, an unreadable file
    AMISS = 2  # somebody should look (`status --check`)


def guarded(command: Callable[[], object]) -> int:
    """The exit code of a command, after saying on standard error why it could not be done."""
    try:
        with interruptible():
            code = command()
    except RequestRefused as error:
        fail(error.message, hint=error.hint)
        return Exit.MISUSE
    except LongshoreError as error:
        fail(error.message, hint=error.hint)
        return Exit.HAD_ERRORS
    except BrokenPipeError:
        # `| head` has read all it wanted, and that is no failure of ours.
        silence_output()
        return Exit.DONE
    except OSError as error:
        if error.errno not in _NO_ROOM:
            raise  # not foreseen, hence a bug to be reported
        fail(f"standard output: {error.strerror}")
        silence_output()
        return Exit.HAD_ERRORS
    except (KeyboardInterrupt, StopRequested):
        fail("stopped")
        return Exit.HAD_ERRORS
    return int(code) if isinstance(code, int) else Exit.DONE


def refuse_usage(error: click.ClickException) -> int:
    """The exit code for arguments that are not understood, after naming the nearest that are."""
    hint = None
    possibilities = getattr(error, "possibilities", None)
    if isinstance(error, click.NoSuchOption):
        message = f"no such option: {error.option_name}"
    elif isinstance(error, click.NoSuchCommand):
        message = f"no such command: {error.command_name}"
    elif isinstance(error, click.UsageError):
        message = error.format_message().rstrip(".")
        message = message[:1].lower() + message[1:]
    else:
        message = error.format_message().rstrip(".")
    if possibilities:
        hint = "did you mean " + " or ".join(sorted(possibilities)) + "?"
    elif isinstance(error, click.UsageError) and error.ctx is not None:
        hint = f"{error.ctx.command_path} --help"
    fail(message, hint=hint)
    return Exit.MISUSE


def silence_output() -> None:
    """Send what is still buffered for a closed standard output nowhere.

    Without it the interpreter complains when it flushes at its end; docs.python.org,
    library/signal.html, "Note on SIGPIPE".
    """
    silence(sys.stdout.fileno())
