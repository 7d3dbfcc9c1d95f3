"""What is an e-mail address: the rules of mail, without asking any server.

email-validator judges, which knows internationalized names and characters that only look like
others. It costs 30 to 60 microseconds, so the plain addresses that nearly everybody has are judged
by a pattern that it agrees with; a test holds both together.
"""

import re
from typing import Final

_ATOM: Final = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL: Final = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
# Two dashes within a label belong to Punycode or to nobody.
_PLAIN: Final = re.compile(
    rf"(?=[^@]{{1,64}}@)(?=.{{3,254}}\Z)(?!.*@.*--){_ATOM}(?:\.{_ATOM})*@(?:{_LABEL}\.)+[A-Za-z]{{2,63}}"
)


# Whether a text is a plain address: a method of the pattern, quick enough for whole columns.
is_plain_address: Final = _PLAIN.fullmatch


def is_email_address(text: str) -> bool:
    """Whether mail could be sent to the address; what stands around it is not part of it.

    Names that are kept for tests and for networks of one's own (`.test`, `.local`) are domains like
    others; a domain without a dot is none. Quoted names and addresses of machines are refused.
    """
    return is_plain_address(text) is not None or is_judged_an_address(text)


def is_judged_an_address(text: str) -> bool:
    """What email-validator says, which takes its time."""
    # Loaded where it is needed only: it takes longer to load than many a command to run.
    from email_validator import SPECIAL_USE_DOMAIN_NAMES, EmailNotValidError, validate_email

    name, _, end = text.rpartition(".")
    if "@" in name and end.lower() in SPECIAL_USE_DOMAIN_NAMES:
        text = f"{name}.com"
    try:
        validate_email(text, check_deliverability=False, strict=True)
    except EmailNotValidError:
        return False
    return True
