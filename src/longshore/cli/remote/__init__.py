"""A command that works at a server instead of in a data folder of this machine.

What it sends is read, judged and cut into parts here, with the readers that a server has too. It
knows the server only by its wire contract, so whatever speaks that can be at the other end, save
for the list of all errors, which is Longshore's own. Tokens and secrets are shown to the server
and to nobody else.
"""

from longshore.cli.remote.remote_work import RemoteWork, import_at_server
from longshore.cli.remote.server import RemoteCredentials, Server

__all__ = ["RemoteCredentials", "RemoteWork", "Server", "import_at_server"]
