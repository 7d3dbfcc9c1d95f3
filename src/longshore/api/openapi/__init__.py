"""The description of the API that a server gives of itself: OpenAPI 3.1, made from the catalogue.

Promises: every route, every parameter, every status that an answer can have. Client generators
make clients of it, and the tests send what it allows and what it forbids to all of its operations.
"""

from longshore.api.openapi.description import describe_api, retrieve_description

__all__ = ["describe_api", "retrieve_description"]
