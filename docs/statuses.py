"""The page of the import's statuses: diagrams and tables, from the tables of transitions."""

from longshore.imports import STAGE_ENDS, STAGE_TRANSITIONS, TRANSITIONS, Stage, Status

_STAGES = (*STAGE_TRANSITIONS.items(), *STAGE_ENDS.items())


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
        "",
        "## Stages of what is all or nothing",
        "",
        "While an import that is [all or nothing](../guides/all-or-nothing.md) is in progress,",
        "`meta.stage` says how far it is; behind its end, how far it came.",
        "",
        "```mermaid",
        "stateDiagram-v2",
        f"    [*] --> {Stage.JUDGING}",
        *(f"    {before} --> {after}" for before, after in STAGE_TRANSITIONS),
        *(f"    {stage} --> [*]: {status}" for stage, status in STAGE_ENDS),
        "```",
        "",
        "| stage | then | when |",
        "|---|---|---|",
        *(f"| `{before}` | `{after}` | {why} |" for (before, after), why in _STAGES),
    ]
    return "\n".join(lines) + "\n"
