"""The ASGI entry, for whoever brings a server of their own:

    uvicorn --factory longshore.server:application

`longshore serve` needs none, and says on its first start how to come in.
"""

import os
import sys
from typing import TYPE_CHECKING

from longshore.assembly import open_longshore
from longshore.log_lines import LogObserver
from longshore.settings import Settings

if TYPE_CHECKING:
    from starlette.types import ASGIApp

__all__ = ["application"]


def application() -> "ASGIApp":
    """An application that answers requests and keeps a worker, set up by the environment."""
    settings = Settings.from_environment(os.environ)
    observer = LogObserver(settings.log_format, level=settings.log_level)
    longshore = open_longshore(settings, kind="server", observer=observer)
    command = [sys.executable, "-m", "longshore", "worker", "--bell"]
    command += ["--data", str(settings.data.absolute())]
    return longshore.server(command)
