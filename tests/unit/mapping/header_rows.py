"""Header rows of public files, with the fields that their columns are; see header_rows.toml."""

import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

_HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True, kw_only=True)
class HeaderRow:
    """The header of a file, and what its columns are for one resource type."""

    origin: str
    resource_type: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    fields: dict[str, str]  # of the columns that have one
    is_held_out: bool


def header_rows() -> Iterator[HeaderRow]:
    """All of them, once for each type."""
    held_out = origins()
    for file in tomllib.loads((_HERE / "header_rows.toml").read_text())["files"]:
        lines = [
            [part.strip() for part in line.split("|")] for line in file["columns"].splitlines()
        ]
        values = [line[1].split(";") for line in lines]
        for type_ in file["types"]:
            fields = {
                line[0]: field.removeprefix(f"{type_}.")
                for line in lines
                for field in line[2].split()
                if field.startswith(f"{type_}.")
            }
            yield HeaderRow(
                origin=file["origin"],
                resource_type=type_,
                columns=[line[0] for line in lines],
                rows=[[each[row % len(each)] for each in values] for row in range(2)],
                fields=fields,
                is_held_out=held_out[file["origin"]],
            )


def origins() -> dict[str, bool]:
    """Where header rows come from -> whether they are kept apart."""
    lines = (_HERE / "header_origins.txt").read_text().split("\n")
    return {line.split()[1]: line.split()[0] == "held-out" for line in lines if line}


def is_kept_apart(origin: str) -> bool:
    """The rule by which the list was made."""
    return sha256(origin.encode()).digest()[0] % 2 == 1
