"""What every workbook format yields: the rows of one sheet."""

from dataclasses import dataclass

from longshore.workbooks.errors import WorkbookRefused

COLUMNS_MAX = 16_384  # of a sheet, in every program that writes these formats
ROWS_MAX = 1_048_576
# Programs keep 32,767 characters in a cell. Without a bound, one cell may fill the memory.
CELL_CHARACTERS_MAX = 1 << 22
ROW_CHARACTERS_MAX = 1 << 25
LONG_CHARACTERS = 4096  # shorter texts need not be counted: a row of them is bounded


def refuse_long_text(where: str) -> WorkbookRefused:
    """The refusal of a cell, or a row, that is larger than any that a program writes."""
    return WorkbookRefused(
        f"{where} has a cell of more than {CELL_CHARACTERS_MAX:,} characters, or a row of more than"
        f" {ROW_CHARACTERS_MAX:,}",
        hint="delete what is not needed, or save the table as CSV",
    )


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A row that holds something; rows between two of them are empty."""

    number: int  # from 1, as the spreadsheet program shows it
    cells: list[str]  # texts from column A on, without empty ones at the end
    is_hidden: bool = False


@dataclass(frozen=True, slots=True)
class SheetName:
    """A sheet of a workbook."""

    name: str
    is_hidden: bool = False


def column_letters(index: int) -> str:
    """A, B, ..., Z, AA, ... for the column of this index, from 0."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def column_index(reference: str) -> int:
    """The index of the column, from 0, of a cell's name such as `C17`; -1 for what is none."""
    index = 0
    for character in reference:
        if "A" <= character <= "Z":
            index = index * 26 + ord(character) - 64
        elif "a" <= character <= "z":
            index = index * 26 + ord(character) - 96
        else:
            break
    return index - 1
