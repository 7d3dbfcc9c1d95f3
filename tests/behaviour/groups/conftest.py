"""Places to import groups into: organizations of one installation."""

from tests.behaviour.engine.conftest import installation, shop

__all__ = ["installation", "shop"]
