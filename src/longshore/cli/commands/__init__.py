"""One module per command; `COMMANDS` holds them in the order in which help lists them."""

import click

from longshore.cli.commands.applications import applications
from longshore.cli.commands.apply import apply
from longshore.cli.commands.blame import blame
from longshore.cli.commands.changes import changes
from longshore.cli.commands.copy import copy
from longshore.cli.commands.dashboard import dashboard
from longshore.cli.commands.delete import delete
from longshore.cli.commands.doctor import doctor
from longshore.cli.commands.errors import errors
from longshore.cli.commands.export import export
from longshore.cli.commands.groups import groups
from longshore.cli.commands.import_ import import_
from longshore.cli.commands.imports import imports
from longshore.cli.commands.inspect import inspect
from longshore.cli.commands.interrupt import interrupt
from longshore.cli.commands.kept import kept
from longshore.cli.commands.mappings import mappings
from longshore.cli.commands.migrate import migrate
from longshore.cli.commands.organizations import organizations
from longshore.cli.commands.original import original
from longshore.cli.commands.plan import plan
from longshore.cli.commands.records import records
from longshore.cli.commands.resume import resume
from longshore.cli.commands.retry import retry
from longshore.cli.commands.rows import rows
from longshore.cli.commands.serve import serve
from longshore.cli.commands.setup import setup
from longshore.cli.commands.show import show
from longshore.cli.commands.status import status
from longshore.cli.commands.template import template
from longshore.cli.commands.token import token
from longshore.cli.commands.types import types
from longshore.cli.commands.undo import undo
from longshore.cli.commands.undos import undos
from longshore.cli.commands.worker import worker

__all__ = ["COMMANDS"]

COMMANDS: dict[str, click.Command] = {
    "setup": setup,
    "import": import_,
    "plan": plan,
    "apply": apply,
    "inspect": inspect,
    "mappings": mappings,
    "imports": imports,
    "groups": groups,
    "show": show,
    "errors": errors,
    "rows": rows,
    "original": original,
    "retry": retry,
    "undo": undo,
    "undos": undos,
    "kept": kept,
    "records": records,
    "blame": blame,
    "changes": changes,
    "export": export,
    "types": types,
    "template": template,
    "interrupt": interrupt,
    "resume": resume,
    "delete": delete,
    "serve": serve,
    "dashboard": dashboard,
    "worker": worker,
    "status": status,
    "organizations": organizations,
    "applications": applications,
    "token": token,
    "doctor": doctor,
    "migrate": migrate,
    "copy": copy,
}
