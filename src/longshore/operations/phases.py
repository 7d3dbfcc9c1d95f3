"""What an import or a plan does at the moment, in words that the terminal and pages share."""

from longshore.imports import Glance, Import, Stage


def phase_of(of: Import | Glance) -> str:
    """`importing prices`, `planning prices`, or what is done in the stage of what is all or
    nothing."""
    if not of.all_or_nothing:
        return f"{'planning' if of.is_plan else 'importing'} {of.resource_type}"
    if of.stage is Stage.GOING_BACK:
        return f"taking {of.resource_type} back"
    return f"{'writing' if of.stage is Stage.WRITING else 'judging'} {of.resource_type}"
