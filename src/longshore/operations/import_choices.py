"""What was chosen for an import, to be chosen for another file like it."""

from longshore.drafts import DraftChoices
from longshore.engine import split_unit
from longshore.identifiers import PublicIds
from longshore.imports import Import
from longshore.mapping import FieldMapping, FromColumn, MappingDocument


def choices_of_import(import_: Import, public_ids: PublicIds) -> DraftChoices:
    """What was chosen, as far as it is not about this one file."""
    mapping, reference = _mapping(import_), import_.mapping_reference
    is_saved = reference is not None and not import_.column_map
    return DraftChoices(
        resource_type=import_.resource_type,
        mapping=None if mapping is None else mapping.to_dict(),
        mapping_reference=str(reference) if is_saved else None,
        parent=None if import_.parent_id is None else public_ids.encode(import_.parent_id),
        only=None if import_.only is None else str(import_.only),
        stop_rules=import_.stop_rules.to_dict(),
        skip_errors=import_.skip_errors,
        all_or_nothing=import_.all_or_nothing,
    )


def _mapping(import_: Import) -> MappingDocument | None:
    """The mapping with the columns that were named beside it; None: columns found their fields by
    themselves."""
    if import_.mapping is not None or not import_.column_map:
        return import_.mapping
    fields, ignore = {}, []
    for column, spelled in import_.column_map.items():
        name, unit = split_unit(spelled)
        if name:
            fields[name] = FieldMapping(origin=FromColumn(column=column), unit=unit)
        else:
            ignore.append(column)
    return MappingDocument(fields=fields, resource_type=import_.resource_type, ignore=tuple(ignore))
