"""Truth values as people write them: words of one language, or a cross."""

from collections.abc import Mapping

# By language, each with its words for true and for false. A word means the same in all of them;
# those of the wire belong to English.
_WORDS: Mapping[str, tuple[str, str]] = {
    "en": ("yes y true t on 1 enabled active", "no n false f off 0 disabled inactive"),
    "de": ("ja j wahr richtig aktiv", "nein n falsch inaktiv"),
    "fr": ("oui o vrai", "non n faux"),
    "it": ("sì si s vero", "no n falso"),
    "es": ("sí si s verdadero", "no n falso"),
    "pt": ("sim s verdadeiro", "não nao n falso"),
    "nl": ("ja j waar", "nee n onwaar"),
    "pl": ("tak t prawda", "nie n fałsz falsz"),
    "cross": ("x", ""),
}
BOOLEAN_WORDS: Mapping[str, Mapping[str, bool]] = {
    language: {**dict.fromkeys(true.split(), True), **dict.fromkeys(false.split(), False)}
    for language, (true, false) in _WORDS.items()
}


def read_boolean(text: str, language: str) -> bool | None:
    """The truth of a word; None for what is none of the language."""
    return BOOLEAN_WORDS[language].get(boolean_word(text))


def boolean_word(text: str) -> str:
    """A word as the tables have it."""
    return text.strip().removeprefix("'").lower()


def languages_of(word: str) -> frozenset[str]:
    """The languages that have a word, as `boolean_word` gives it."""
    return frozenset(each for each, words in BOOLEAN_WORDS.items() if word in words)
