"""What the metadata says to whoever looks for the program and whoever installs it."""

import re
import tarfile
import zipfile
from pathlib import Path

from packaging.metadata import Metadata
from packaging.requirements import Requirement

from release.distributions import Distributions
from release.refusals import expect

__all__ = ["check_metadata", "lowest_versions", "metadata_of", "reserved_links"]

_LINKS = frozenset({"Homepage", "Documentation", "Source", "Changelog", "Issues"})
_EXTRAS = frozenset({"dev", "parquet", "s3", "zstd"})

# Names that nobody can have: RFC 2606, section 2.
_RESERVED = re.compile(r"https?://[^/]*\.(?:example|invalid|test|localhost)(?:/|$)")
_RELATIVE_LINK = re.compile(r"\]\((?!https?://|#)(?P<target>[^)\s]+)\)")


def metadata_of(wheel: Path) -> Metadata:
    """The metadata of a wheel; raises an ExceptionGroup of all that is against its format."""
    return Metadata.from_email(_raw_metadata(wheel), validate=True)


def check_metadata(built: Distributions) -> None:
    """That the metadata is valid, complete, and the same in both."""
    found = metadata_of(built.wheel)
    for name in ("summary", "keywords", "classifiers", "requires_python", "license_expression"):
        expect(bool(getattr(found, name)), f"the metadata has no {name}")
    expect(found.license_files == ["LICENSE"], f"the license files are {found.license_files}")
    expect(
        found.description_content_type == "text/markdown" and bool(found.description),
        "the description is not the README",
    )
    relative = sorted(set(_RELATIVE_LINK.findall(found.description or "")))
    expect(not relative, f"the description has links that lead nowhere: {', '.join(relative)}")
    links = found.project_urls or {}
    expect(links.keys() >= _LINKS, f"the links are {sorted(links)}, not {sorted(_LINKS)}")
    expect(set(found.provides_extra or []) == _EXTRAS, f"the extras are {found.provides_extra}")
    for requirement in _running(found):
        operators = {each.operator for each in requirement.specifier}
        expect(operators == {">=", "<"}, f"{requirement} has no lower or no upper bound")
    expect(
        _raw_metadata(built.wheel) == _raw_metadata_of_sdist(built.sdist),
        "wheel and sdist have different metadata",
    )


def reserved_links(wheel: Path) -> list[str]:
    """The links that lead to a host that cannot be, because the project has none yet."""
    links = metadata_of(wheel).project_urls or {}
    return sorted(name for name, link in links.items() if _RESERVED.match(link))


def lowest_versions(wheel: Path) -> list[str]:
    """Each dependency at the lowest version that the metadata allows, as pip's constraints."""
    return [
        f"{requirement.name}=={bound.version}"
        for requirement in _running(metadata_of(wheel))
        for bound in requirement.specifier
        if bound.operator == ">="
    ]


def _running(metadata: Metadata) -> list[Requirement]:
    """What the program needs when it runs, with all extras but the one for developing."""
    return [
        each
        for each in metadata.requires_dist or []
        if each.marker is None
        or any(each.marker.evaluate({"extra": extra}) for extra in _EXTRAS - {"dev"})
    ]


def _raw_metadata(wheel: Path) -> bytes:
    with zipfile.ZipFile(wheel) as archive:
        (name,) = [each for each in archive.namelist() if each.endswith(".dist-info/METADATA")]
        return archive.read(name)


def _raw_metadata_of_sdist(sdist: Path) -> bytes:
    with tarfile.open(sdist) as archive:
        found = archive.extractfile(f"{sdist.name.removesuffix('.tar.gz')}/PKG-INFO")
        assert found is not None
        return found.read()
