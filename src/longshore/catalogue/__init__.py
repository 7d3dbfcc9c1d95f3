"""What may be imported: every resource type declared once, as data, checked when loaded.

Tables, validation, matching, documents, filters, templates and reference are derived from here;
nothing outside asks for a type by its name. The package does no I/O and knows no database.
"""

from longshore.catalogue.aliases import TYPE_ALIASES
from longshore.catalogue.catalogue import (
    ORGANIZATION_FLAGS,
    Catalogue,
    Link,
    SumDependency,
    Table,
    load_catalogue,
)
from longshore.catalogue.checks import CatalogueFault
from longshore.catalogue.conditions import ALWAYS, Condition, Term, holds, parse_condition
from longshore.catalogue.countries import COUNTRIES, PREDICATES
from longshore.catalogue.currencies import (
    CURRENCIES,
    CURRENCY_SIGNS,
    EXPONENTS,
    money_float,
    money_plain,
    money_text,
)
from longshore.catalogue.declarations import (
    Attribute,
    Bound,
    Computed,
    Constant,
    Count,
    Days,
    Derived,
    Form,
    Key,
    Kind,
    Later,
    MoneyFloat,
    MoneyText,
    Naming,
    Product,
    Relationship,
    ResourceType,
    Sum,
    Through,
    Topic,
    Total,
    Trigger,
    ValueType,
    required_when,
)
from longshore.catalogue.derivations import derive
from longshore.catalogue.expectations import expectation
from longshore.catalogue.keys import key_prefix, key_text, keys_of_text, older_key_text
from longshore.catalogue.parents import naming_keys, parent_relationship, parent_targets
from longshore.catalogue.phrases import computation_of, effect_of, rules_of, when
from longshore.catalogue.reference import reference_pages
from longshore.catalogue.target_keys import (
    all_names,
    is_named_by_keys,
    key_names,
    keys_of_target,
    required_parts,
)
from longshore.catalogue.type_names import (
    importable_type,
    meant_type,
    recorded_type,
    spelled_type,
)
from longshore.catalogue.value_texts import INTEGER, NUMBER, TRUTHS, can_be_stored

__all__ = [
    "ALWAYS",
    "COUNTRIES",
    "CURRENCIES",
    "CURRENCY_SIGNS",
    "EXPONENTS",
    "INTEGER",
    "NUMBER",
    "ORGANIZATION_FLAGS",
    "PREDICATES",
    "TRUTHS",
    "TYPE_ALIASES",
    "Attribute",
    "Bound",
    "Catalogue",
    "CatalogueFault",
    "Computed",
    "Condition",
    "Constant",
    "Count",
    "Days",
    "Derived",
    "Form",
    "Key",
    "Kind",
    "Later",
    "Link",
    "MoneyFloat",
    "MoneyText",
    "Naming",
    "Product",
    "Relationship",
    "ResourceType",
    "Sum",
    "SumDependency",
    "Table",
    "Term",
    "Through",
    "Topic",
    "Total",
    "Trigger",
    "ValueType",
    "all_names",
    "can_be_stored",
    "computation_of",
    "derive",
    "effect_of",
    "expectation",
    "holds",
    "importable_type",
    "is_named_by_keys",
    "key_names",
    "key_prefix",
    "key_text",
    "keys_of_target",
    "keys_of_text",
    "load_catalogue",
    "meant_type",
    "money_float",
    "money_plain",
    "money_text",
    "naming_keys",
    "older_key_text",
    "parent_relationship",
    "parent_targets",
    "parse_condition",
    "recorded_type",
    "reference_pages",
    "required_parts",
    "required_when",
    "rules_of",
    "spelled_type",
    "when",
]
