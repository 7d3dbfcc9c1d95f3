"""`longshore` on the command line, and `python -m longshore`."""

import gc
import os
import signal
import sys

__all__ = ["main"]

_STANDARD_ERROR = 2
# New objects between two looks of the collector for circles: a command loads a thousand modules,
# and with 700, as Python has it, the collector takes a seventh of that time and finds nothing.
_OBJECTS_PER_COLLECTION = 50_000
_STOPPED = 1  # `longshore.cli.endings.Exit.HAD_ERRORS`, before that module is there


def main() -> None:
    """Run the command that the arguments name; ends the process with its exit code."""
    _end_on_ctrl_c(_STOPPED, words=b"error: stopped\n")
    gc.set_threshold(_OBJECTS_PER_COLLECTION)
    # Loaded here, where Ctrl-C is heeded already: it takes a good part of a second.
    from longshore.cli import StopRequested, program

    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:  # closed by whoever started the process
            setattr(sys, name, os.fdopen(os.open(os.devnull, os.O_WRONLY), "w"))
        else:
            # What the terminal's encoding lacks is spelled out instead of ending the command.
            stream.reconfigure(errors="backslashreplace")

    def report(unraisable: "sys.UnraisableHookArgs") -> None:
        # A stop can come where the interpreter has nobody to raise it to, such as a callback of
        # an import. It would print a traceback and go on.
        if issubclass(unraisable.exc_type, KeyboardInterrupt | StopRequested):
            os._exit(_STOPPED)
        sys.__unraisablehook__(unraisable)

    sys.unraisablehook = report
    try:
        program.main(prog_name="longshore")
    except SystemExit as ended:
        # How the command ended is settled; what is left is the interpreter's own tidying.
        _end_on_ctrl_c(int(ended.code or 0))
        raise


def _end_on_ctrl_c(code: int, *, words: bytes = b"") -> None:
    """Let Ctrl-C end the process at once, without the interpreter's traceback; for moments in
    which nothing is half done."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        return  # started in the background, where Ctrl-C means another program

    def end(_number: int, _frame: object) -> None:
        try:
            os.write(_STANDARD_ERROR, words)
        finally:
            os._exit(code)

    signal.signal(signal.SIGINT, end)


if __name__ == "__main__":
    main()
