"""How the texts of keys are spelled: what stands around them is nothing, letters have one form.

A key is compared, stored and sought in this spelling, wherever its text comes from: a cell, a
document, a shortcut such as `sku_code`, a filter. Other people's files hold blanks that nobody
sees: the no-break space of a web page, the mark at the head of a file, what joins letters.
"""

import unicodedata

# Characters of no width, and those that only direct their neighbours. Inside a text they may mean
# something (they join the parts of an emoji, and part letters of Persian), around it they do not.
_INVISIBLE = (
    "\u00ad\u061c\u180e\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e"
    "\u2060\u2061\u2062\u2063\u2064\u2066\u2067\u2068\u2069\u206a\u206b\u206c\u206d\u206e\u206f\ufeff"
)
# What `str.isspace` knows, no-break spaces included.
_BLANK = (
    "\t\n\v\f\r\x1c\x1d\x1e\x1f \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007"
    "\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000"
)
_AROUND = _BLANK + _INVISIBLE


def key_text(text: str) -> str:
    """The spelling of a text that is part of a key: trimmed, and in Unicode's form NFC."""
    if text.isascii():
        return text.strip()
    return unicodedata.normalize("NFC", text.strip(_AROUND))


def older_key_text(text: str) -> str:
    """The spelling under which releases before 0.2 sought a text: without what is only blank."""
    text = text.strip()
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def key_prefix(environment: int) -> str:
    """What all keys of an environment begin with: those of two are never equal."""
    return f"{environment}:"


def keys_of_text(environment: int, text: str) -> set[str]:
    """The keys that a record with this text may have, where nothing else is part of the key; in
    the spelling of any release, and whether or not case matters. None for a blank text."""
    spelled = {spell(text) for spell in (key_text, older_key_text)} - {""}
    prefix = key_prefix(environment)
    return {prefix + each for text in spelled for each in (text, text.casefold())}
