"""The operations of an installation, made of its parts."""

from longshore.assembly.parts import Parts
from longshore.operations import Applications, Grants, Operations, Organizations


def make_operations(parts: Parts) -> Operations:
    """What front ends may ask of an installation."""
    database, settings = parts.database, parts.settings
    return Operations(
        organizations=Organizations(database),
        applications=Applications(database, parts.tokens, parts.observer),
        grants=Grants(database, parts.tokens, read_seconds=settings.read_seconds),
    )
