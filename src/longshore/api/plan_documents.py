"""Documents of plans."""

from typing import Any

from longshore.api.context import RequestContext
from longshore.operations import Resource


def plan_document(plan: Resource, context: RequestContext | None = None) -> dict[str, Any]:
    """The resource object of a plan; at a terminal nobody has asked over HTTP, and nothing is told
    of addresses."""
    document: dict[str, Any] = {"id": plan.id, "type": plan.type}
    if context is not None:
        document["links"] = {"self": f"{context.address.api_url}/{plan.type}/{plan.id}"}
    document["attributes"] = dict(plan.attributes)
    if plan.meta:
        document["meta"] = dict(plan.meta)
    return document
