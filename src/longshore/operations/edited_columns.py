"""Which column of a source somebody means who edits its rows."""

from difflib import get_close_matches

from longshore.catalogue import Catalogue, ResourceType
from longshore.engine import CENTS, IGNORED, FieldNames, input_names, split_unit
from longshore.errors import RequestRefused
from longshore.imports import Import
from longshore.mapping import FieldMapping, FromConstant, FromTemplate
from longshore.readers import Format


class EditedColumns:
    """The columns of a stored source, by their names and by the fields that they fill."""

    def __init__(self, catalogue: Catalogue, import_: Import) -> None:
        """`import_` is the one whose columns are edited."""
        self._type: ResourceType = catalogue.types[import_.resource_type]
        self._is_tabular = import_.layout.format is Format.CSV
        self._columns = import_.layout.keys if self._is_tabular else import_.layout.columns
        self._map = import_.column_map
        self._mapping = import_.mapping
        self._names = FieldNames(catalogue, self._type)
        self._inputs = self._names.names if self._is_tabular else input_names(catalogue, self._type)
        named = zip(self._columns, import_.layout.columns, strict=True)
        self._fields = {key: self._field_of(name) for key, name in named}

    def replaced_column(self, name: str) -> str:
        """The same for a replacement, which may also be inside of nested records of JSON: it goes
        for each of them that has the old value."""
        if not self._is_tabular and self._is_nested(name):
            if name not in self._columns:
                raise self._unknown(name)
            return name
        return self.column(name)

    def _is_nested(self, name: str) -> bool:
        return "." in name and name.partition(".")[0] in self._type.nested

    def column(self, name: str) -> str:
        """The column that a name means: a column, or a field that one fills, or one to be added;
        of a relationship the only column that names its targets.

        Raises RequestRefused when it means none, or none that can be edited.
        """
        if not self._is_tabular and self._is_nested(name):
            raise RequestRefused(
                f"{name!r} is inside a nested record, of which only values can be replaced",
                hint="a replacement goes for each nested record that has the old value",
            )
        if name in self._fields:
            if self._holds_keys(name):
                return self._naming(name)
            if self._map.get(name) == IGNORED:
                raise RequestRefused(f"the column {name!r} is left out of the import")
            return name
        if self._mapping is not None and name in self._mapping.fields and not self._is_asked(name):
            return self._mapped(name, self._mapping.fields[name])
        filled = [key for key, (field, _) in self._fields.items() if field == name]
        if filled:
            return self._filled(name, filled)
        if self._names.is_exact(name) or name in self._inputs:
            return name
        spelled = self._names.of(name) if self._is_tabular else None
        if spelled is not None:
            return self.column(spelled)
        return self._naming(name)

    def _naming(self, relationship: str) -> str:
        """The only column that names the targets of a relationship."""
        naming = [
            key
            for key, (field, _) in self._fields.items()
            if self._names_target(field, relationship)
        ]
        if self._mapping is not None:
            fields = self._mapping.fields
            mapped = [each for each in fields if self._names_target(each, relationship)]
            if len(mapped) == 1 and not naming:
                return self._mapped(mapped[0], fields[mapped[0]])
        if len(naming) == 1:
            return naming[0]
        raise self._unknown(relationship)

    def _holds_keys(self, name: str) -> bool:
        """Whether objects of JSON stand under a name, with keys of targets in them."""
        return not self._is_tabular and any(
            field.startswith(f"{name}.") and field in self._inputs
            for field, _ in self._fields.values()
        )

    def _names_target(self, field: str, relationship: str) -> bool:
        """Whether a field says which record a relationship of the rows points at, by whose name
        errors are told."""
        is_by_key = field.startswith(f"{relationship}.") and field in self._inputs
        if field in (f"{relationship}_id", f"{relationship}_code") or is_by_key:
            return any(each.name == relationship for each in self._type.relationships)
        given = next((each for each in self._type.attributes if each.name == field), None)
        return (
            given is not None
            and given.names is not None
            and (given.names.relationship == relationship)
        )

    def _filled(self, field: str, columns: list[str]) -> str:
        (column, *others) = columns
        if others:
            listed = ", ".join(map(repr, columns))
            raise RequestRefused(f"several columns mean {field!r}: {listed}", hint="name one")
        if (unit := self._fields[column][1]) not in (None, CENTS):
            raise RequestRefused(
                f"{field} is read from the column {column!r}, as {unit}",
                hint=f"edit {column!r}, with values as they stand there",
            )
        return column

    def _is_asked(self, field: str) -> bool:
        """Whether an option says which column the field is, whatever the mapping says."""
        return any(split_unit(meaning)[0] == field for meaning in self._map.values())

    def _mapped(self, field: str, mapping: FieldMapping) -> str:
        """The column that the import's mapping makes a field of, as it stands."""
        match mapping.origin:
            case FromConstant():
                raise RequestRefused(
                    f"{field} is a constant of the mapping, the same in every row",
                    hint="import the rows again with another mapping",
                )
            case FromTemplate():
                listed = ", ".join(map(repr, mapping.columns))
                raise RequestRefused(
                    f"{field} is put together from columns: {listed}", hint="edit one of them"
                )
        (column,) = mapping.columns
        if mapping.transforms or mapping.unit not in (None, CENTS):
            how = " and ".join([each.transform.name for each in mapping.transforms])
            raise RequestRefused(
                f"{field} is read from the column {column!r}, through {how or mapping.unit}",
                hint=f"edit {column!r}, with values as they stand there",
            )
        return column

    def _field_of(self, column: str) -> tuple[str, str | None]:
        """The field that a column fills, and the unit of its amounts where one is named."""
        if column in self._map:
            return split_unit(self._map[column])
        spelled = self._names.of(column) if self._is_tabular else None
        return spelled or column, None

    def _unknown(self, name: str) -> RequestRefused:
        nearest = get_close_matches(name, [*self._columns, *self._inputs], n=1)
        return RequestRefused(
            f"the source has no column {name!r}, and {self._type.name} have no such field",
            hint=f"did you mean {nearest[0]!r}?" if nearest else None,
        )
