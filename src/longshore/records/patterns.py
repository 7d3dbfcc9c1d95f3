"""Case-insensitive text patterns, written as SQLite's GLOB.

SQLite's LIKE folds ASCII letters only (SQLite, "Built-in Scalar SQL Functions", like()), so
`name_cont=é` would miss `É`. GLOB is exact but knows sets of characters: a letter becomes the set
of its two cases, and any language is folded without a function of ours inside the database.
"""

from longshore.records.matchers import Question

# SQLite refuses patterns over 50,000 bytes; a letter takes up to ten of them here.
PATTERN_CHARACTERS_MAX = 5_000


def glob_pattern(question: Question, text: str) -> str:
    """The GLOB pattern of a question: the value as a prefix, suffix, part, or the user's own LIKE.

    In a LIKE, `%` stands for any text, `_` for one character, and a backslash takes the meaning
    from the character behind it. Elsewhere every character stands for itself.
    """
    match question:
        case Question.STARTS:
            return _literal(text) + "*"
        case Question.ENDS:
            return "*" + _literal(text)
        case Question.HOLDS_TEXT:
            return "*" + _literal(text) + "*"
        case _:
            return _from_like(text)


def _literal(text: str) -> str:
    return "".join(map(_one, text))


def _one(character: str) -> str:
    """A set that holds both cases of a letter, or a special character as itself."""
    if character in "*?[":
        return f"[{character}]"
    cases = {character, character.lower(), character.upper()}
    # A case of several characters (ß, SS) is not a single character's match.
    cases = {case for case in cases if len(case) == 1}
    return f"[{''.join(sorted(cases))}]" if len(cases) > 1 else character


def _from_like(text: str) -> str:
    parts: list[str] = []
    characters = iter(text)
    for character in characters:
        match character:
            case "%":
                parts.append("*")
            case "_":
                parts.append("?")
            case "\\":
                parts.append(_one(next(characters, "\\")))
            case _:
                parts.append(_one(character))
    return "".join(parts)
