"""Which sources hold what nobody may see: passwords and keys, in the open as they were given.

A value of a confidential attribute is stored and never shown, one of a discarded attribute is
checked and forgotten; in the source of the import both stand as they were written.
"""

from collections.abc import Iterable, Mapping, Sequence

from longshore.catalogue import Catalogue
from longshore.engine.plan.field_names import FieldNames
from longshore.imports import Import
from longshore.notices import NoticeCode


class SourceSecrets:
    """Knows the secret attributes of all types that can be imported."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._names: Mapping[str, frozenset[str]] = {
            name: names for name in catalogue.creatable if (names := _secret_names(catalogue, name))
        }

    @property
    def resource_types(self) -> frozenset[str]:
        """The types whose rows may hold secrets."""
        return frozenset(self._names)

    def are_in(self, import_: Import) -> bool:
        """Whether a column, or a key, of an import's source may hold secrets.

        Where a JSON source has more keys than are noted, it may.
        """
        made = () if import_.mapping is None else import_.mapping.fields
        return self.may_be_in(
            import_.resource_type,
            import_.layout.columns,
            import_.column_map,
            made=made,
            has_more=any(each.code == NoticeCode.TOO_MANY_KEYS for each in import_.notices),
        )

    def may_be_in(
        self,
        resource_type: str,
        columns: Sequence[str],
        column_map: Mapping[str, str],
        *,
        made: Iterable[str] = (),
        has_more: bool = False,
    ) -> bool:
        """Whether one of these columns, or of the fields that are `made`, may hold secrets; where
        there are more columns than are known, it may."""
        names = self._names.get(resource_type, frozenset())
        if not names or has_more:
            return bool(names)
        fields = FieldNames(self._catalogue, self._catalogue.types[resource_type])
        meant = (column_map.get(each, fields.of(each) or each) for each in columns)
        return not names.isdisjoint([*(each.partition(":")[0] for each in meant), *made])


def _secret_names(catalogue: Catalogue, resource_type: str) -> frozenset[str]:
    """The names of a type's secret attributes, those of its nested elements behind a dot."""
    declared = catalogue.types[resource_type]
    own = {
        attribute.name
        for attribute in declared.attributes
        if attribute.confidential or attribute.discarded
    }
    for relationship in declared.relationships:
        if relationship.name in declared.nested:
            for target in catalogue.targets_of(relationship):
                own |= {
                    f"{relationship.name}.{attribute.name}"
                    for attribute in catalogue.types[target].attributes
                    if attribute.confidential or attribute.discarded
                }
    return frozenset(own)
