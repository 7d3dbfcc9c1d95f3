"""The transforms of texts."""

from collections.abc import Callable, Mapping
from difflib import get_close_matches

from longshore.error_codes import ErrorCode, message
from longshore.mapping.html_text import html_text
from longshore.mapping.linear_pattern import (
    TEXT_CHARACTERS_MAX,
    LinearPattern,
    PatternRefused,
)
from longshore.mapping.mapping_refused import MappingRefused
from longshore.mapping.transform import (
    Destination,
    Parameter,
    ParameterKind,
    Parameters,
    Step,
    Transform,
    TransformFailed,
)

# What nobody sees, besides white space: zero-width characters and the byte order mark.
_UNSEEN = "\u200b\u200c\u200d\u2060\ufeff"
_SHOWN_MAX = 5  # keys of a table that a message names


def trimmed(text: str) -> str:
    """A text without white space, and without what nobody sees, around it."""
    before = ""
    while text != before:
        before, text = text, text.strip().strip(_UNSEEN)
    return text


def _collapsed(text: str) -> str:
    return " ".join(text.split())


def _always(step: Step) -> Callable[[Parameters, Destination], Step]:
    """For transforms without parameters."""
    return lambda _parameters, _destination: step


def _make_case(parameters: Parameters, _destination: Destination) -> Step:
    steps: Mapping[str, Step] = {"upper": str.upper, "lower": str.lower, "title": _titled}
    return steps[parameters["to"]]


def _titled(text: str) -> str:
    """Each word with a capital, also behind an apostrophe no second one."""
    return " ".join(word[:1].upper() + word[1:].lower() for word in text.split(" "))


def _make_replace(parameters: Parameters, _destination: Destination) -> Step:
    table: Mapping[str, str] = parameters["table"]
    otherwise = parameters["otherwise"]

    def step(text: str) -> str:
        if text in table:
            return table[text]
        bare = text.strip()
        if bare in table:
            return table[bare]
        if otherwise == "keep" or not bare:
            return text
        if otherwise == "blank":
            return ""
        listed = ", ".join(list(table)[:_SHOWN_MAX])
        if len(table) > _SHOWN_MAX:
            listed += f" and {len(table) - _SHOWN_MAX} more"
        nearest = get_close_matches(bare, list(table), n=1)
        raise TransformFailed(
            message(ErrorCode.NOT_IN_TABLE, listed), suggestion=nearest[0] if nearest else None
        )

    return step


def _make_split(parameters: Parameters, _destination: Destination) -> Step:
    separator, part = parameters["separator"], parameters["part"]
    if not separator:
        raise MappingRefused("is empty", path=("separator",))
    if part == 0:
        raise MappingRefused("is 0: the first part is 1, the last one is -1", path=("part",))

    def step(text: str) -> str:
        parts = [each.strip() for each in text.split(separator)]
        if part is None:
            return ", ".join(each for each in parts if each)
        index = part - 1 if part > 0 else part
        return parts[index] if -len(parts) <= index < len(parts) else ""

    return step


def _make_regex(parameters: Parameters, _destination: Destination) -> Step:
    try:
        pattern = LinearPattern(parameters["pattern"])
    except PatternRefused as error:
        raise MappingRefused(
            str(error),
            path=("pattern",),
            hint="a pattern has characters, classes, groups, | and quantifiers, and neither looks "
            "ahead nor back",
        ) from error
    group = parameters["group"]
    if group is None:
        group = min(pattern.groups_count, 1)
    if not 0 <= group <= pattern.groups_count:
        raise MappingRefused(
            f"the pattern has no group {group}: it has {pattern.groups_count}", path=("group",)
        )
    otherwise = parameters["otherwise"]

    def step(text: str) -> str:
        if len(text) > TEXT_CHARACTERS_MAX:
            raise TransformFailed(message(ErrorCode.TOO_LONG, TEXT_CHARACTERS_MAX))
        found = pattern.find(text, group)
        if found is not None:
            return found
        if otherwise == "error":
            raise TransformFailed(message(ErrorCode.NO_MATCH, parameters["pattern"]))
        return text if otherwise == "keep" else ""

    return step


def _make_default(parameters: Parameters, _destination: Destination) -> Step:
    value: str = parameters["value"]
    return lambda text: text if text and not text.isspace() else value


TEXT_TRANSFORMS = (
    Transform(
        name="trim",
        about="Takes away white space around the text, no-break and zero-width characters too.",
        make=_always(trimmed),
        example=("  A1 ", "A1"),
    ),
    Transform(
        name="collapse_blanks",
        about="Makes one blank of each run of white space, line ends too, and none around the "
        "text.",
        make=_always(_collapsed),
        example=("Blue   Mug", "Blue Mug"),
    ),
    Transform(
        name="case",
        about="Writes the text in capitals, in small letters, or each word with a capital.",
        make=_make_case,
        parameters=(
            Parameter(
                name="to",
                about="Which of them.",
                kind=ParameterKind.CHOICE,
                choices=("upper", "lower", "title"),
            ),
        ),
        example=("ab-1", "AB-1"),
    ),
    Transform(
        name="replace",
        about="Puts one text in the place of another, where the whole cell is that text; blanks "
        "around it do not count.",
        make=_make_replace,
        parameters=(
            Parameter(name="table", about="New texts by old ones.", kind=ParameterKind.TABLE),
            Parameter(
                name="otherwise",
                about="What becomes of a text that the table does not have: it stays, it is an "
                "error of the row, or it counts as blank.",
                kind=ParameterKind.CHOICE,
                choices=("keep", "error", "blank"),
                default="keep",
            ),
        ),
        takes_blank=True,
        example=("Ja", "true"),
    ),
    Transform(
        name="split",
        about="Cuts the text where a separator stands: into the list of a field that takes one, "
        "such as tags, or to one of its parts.",
        make=_make_split,
        parameters=(
            Parameter(name="separator", about="What stands between the parts."),
            Parameter(
                name="part",
                about="The part that is taken: 1 is the first, -1 the last; one that is not there "
                "is blank.",
                kind=ParameterKind.INTEGER,
                default=None,
            ),
        ),
        example=("red|blue", "red, blue"),
    ),
    Transform(
        name="strip_html",
        about="Takes the text out of HTML: without tags, with characters in place of entities, "
        "and with lines where blocks are.",
        make=_always(html_text),
        example=("<p>Blue &amp; warm</p>", "Blue & warm"),
    ),
    Transform(
        name="regex",
        about="Takes the part of the text that a pattern finds, a regular expression in the "
        "language of RE2: without references, and without looking ahead or back.",
        make=_make_regex,
        parameters=(
            Parameter(name="pattern", about="What is looked for, anywhere in the text."),
            Parameter(
                name="group",
                about="The number of the group that is taken, 0 for all that is found; where "
                "nothing is said the first one, or all where there is none.",
                kind=ParameterKind.INTEGER,
                default=None,
            ),
            Parameter(
                name="otherwise",
                about="What becomes of a text that does not match: it is an error of the row, it "
                "stays, or it counts as blank.",
                kind=ParameterKind.CHOICE,
                choices=("error", "keep", "blank"),
                default="error",
            ),
        ),
        example=("12 x 30 cm", "12"),
    ),
    Transform(
        name="default",
        about="Gives a blank cell a text.",
        make=_make_default,
        parameters=(Parameter(name="value", about="That text."),),
        takes_blank=True,
        example=("", "EUR"),
    ),
)
