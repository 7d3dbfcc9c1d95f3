"""Words that mark records."""

from longshore.catalogue.declarations import (
    Form,
    Key,
    ResourceType,
    Topic,
)
from longshore.catalogue.fields import (
    common,
    string,
)
from longshore.catalogue.links import (
    event_stores,
)

TAGS = ResourceType(
    name="tags",
    singular="tag",
    topic=Topic.SOLD,
    about="words by which records are found",
    attributes=(
        string(
            "name", required=True, form=Form.TAG_NAME, lower=True, length_max="tags_max_name_length"
        ),
        *common(),
    ),
    relationships=(event_stores(),),
    keys=(Key(parts=("name",)),),
    importable=True,
)
