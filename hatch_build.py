"""What the metadata says is the README, with links that lead somewhere from wherever it is read."""

import re
from pathlib import Path
from typing import Any

from hatchling.metadata.plugin.interface import MetadataHookInterface

_RELATIVE_LINK = re.compile(r"\]\((?!https?://|#)(?P<target>[^)\s]+)\)")


class Description(MetadataHookInterface):
    """Points the README's links to other files at where the source is (project.urls)."""

    def update(self, metadata: dict[str, Any]) -> None:
        """Called by Hatchling with the `project` table of pyproject.toml."""
        source = metadata["urls"]["Source"].rstrip("/")
        text = (Path(self.root) / "README.md").read_text("utf-8")
        metadata["readme"] = {
            "content-type": "text/markdown",
            "text": _RELATIVE_LINK.sub(rf"]({source}/\g<target>)", text),
        }
