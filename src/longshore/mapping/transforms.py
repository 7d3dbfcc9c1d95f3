"""All transforms, by their names: whatever a mapping may name is here, and nowhere else."""

from collections.abc import Mapping
from types import MappingProxyType

from longshore.mapping.mapping_refused import Path, unknown_name
from longshore.mapping.text_transforms import TEXT_TRANSFORMS
from longshore.mapping.transform import Transform
from longshore.mapping.value_transforms import VALUE_TRANSFORMS

TRANSFORMS: Mapping[str, Transform] = MappingProxyType(
    {each.name: each for each in (*TEXT_TRANSFORMS, *VALUE_TRANSFORMS)}
)


def transform_of(name: str, path: Path) -> Transform:
    """The transform of this name; raises MappingRefused with the nearest."""
    if name not in TRANSFORMS:
        raise unknown_name(
            "transform", name, TRANSFORMS, path=path, hint=f"there are {', '.join(TRANSFORMS)}"
        )
    return TRANSFORMS[name]
