"""The page of the import's statuses: a diagram and a table, from the table of transitions."""

from longshore.imports import TRANSITIONS, Status


def statuses_page() -> str:
    lines = [
        "# Import status",
        "",
        "An import is created as `pending` and ends as `completed` or `interrupted`. These are all",
        "the transitions there are; a process that dies changes no status.",
        "",
        "```mermaid",
        "stateDiagram-v2",
        "    [*] --> pending",
        *(f"    {before} --> {after}" for before, after in TRANSITIONS),
        *(f"    {status} --> [*]" for status in Status if status.is_finished),
        "```",
        "",
        "| from | to | when |",
        "|---|---|---|",
        *(f"| `{before}` | `{after}` | {why} |" for (before, after), why in TRANSITIONS.items()),
    ]
    return "\n".join(lines) + "\n"
