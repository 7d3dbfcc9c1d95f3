"""The page of filters: every matcher, from the table of matchers."""

from longshore.records import MATCHERS, Matcher

# Question -> what the field must be, its opposite, and which fields can be asked.
_QUESTIONS = {
    "equal": ("equals", "does not equal", "all but objects and arrays"),
    "less": ("is less than", "", "texts, numbers, datetimes, ids"),
    "less_or_equal": ("is at most", "", "texts, numbers, datetimes, ids"),
    "greater": ("is greater than", "", "texts, numbers, datetimes, ids"),
    "greater_or_equal": ("is at least", "", "texts, numbers, datetimes, ids"),
    "matches": ("matches the pattern", "does not match the pattern", "texts"),
    "starts": ("starts with", "does not start with", "texts"),
    "ends": ("ends with", "does not end with", "texts"),
    "holds_text": ("contains", "does not contain", "texts"),
    "holds_json": ("contains the JSON", "", "objects, arrays"),
    "is_true": ("is true", "", "booleans"),
    "is_false": ("is false", "", "booleans"),
    "is_null": ("is null", "is not null", "all"),
    "is_blank": ("is null or empty", "is neither null nor empty", "all"),
}


def filters_page() -> str:
    lines = [
        "# Filters",
        "",
        "A filter of `longshore records` is written `FIELD_MATCHER=VALUE`, such as",
        "`code_start=AB`. A field alone means that it is equal.",
        "",
        "| matcher | finds records whose field | value | fields |",
        "|---|---|---|---|",
        *map(_line, MATCHERS.values()),
        "",
        "- Several filters must all fit. Within one, fields are joined with `_or_` or `_and_`:",
        "  `code_or_name_cont=mug`.",
        "- A field behind a relationship is written with its path:",
        "  `shipping_category_name_start=Par`.",
        "- The name of a relationship to one record takes `null`, `not_null`, `present`, `blank`:",
        "  `shipping_category_null=true`.",
        "- A field that is null fits no matcher, negated ones included, but `null`, `blank` and",
        "  those that end in `_or_null`.",
        "- Texts are compared exactly, character by character. Patterns, starts, ends and parts",
        "  are compared without regard to case. In a pattern `%` is any text, `_` is one",
        "  character, and a backslash takes the meaning from the next one.",
        "- Ids are compared by age: `id_gt` finds what was created later.",
        "- Values of a list are separated by commas.",
        "- Datetimes are ISO 8601, in UTC without an offset.",
    ]
    return "\n".join(lines) + "\n"


def _line(matcher: Matcher) -> str:
    plain, opposite, fields = _QUESTIONS[matcher.question]
    finds = opposite if matcher.negated else plain
    value = "a value"
    if matcher.over is not None:
        value = "a list"
        one, _, over = matcher.name.rpartition("_")
        if over == matcher.over:
            every = "every value" if over == "all" else "at least one of the values"
            finds = f"fits `{one}` for {every}"
        else:
            finds = f"equals {'none' if matcher.negated else 'one'} of the values"
    elif matcher.takes_switch:
        value = "`true`; `false` for the opposite"
    if matcher.or_null:
        finds += ", or is null"
    return f"| `{matcher.name}` | {finds} | {value} | {fields} |"
