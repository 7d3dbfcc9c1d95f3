"""Places to import into, as the tests of the engine have them."""

from tests.behaviour.engine.conftest import installation, shop

__all__ = ["installation", "shop"]
