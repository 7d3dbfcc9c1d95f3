"""What stands on a page, read from its markup: its text, its forms, and the way to the next one."""

import re
from collections.abc import Iterator
from html import unescape

Fields = list[tuple[str, str]]

_CONTROL = re.compile(
    r"<input\b[^>]*>|<select\b.*?</select>|<textarea\b.*?</textarea>", re.DOTALL | re.IGNORECASE
)
_FORM = re.compile(r"<form\b([^>]*)>(.*?)</form>", re.DOTALL | re.IGNORECASE)
_OPTION = re.compile(r"<option\b([^>]*)>(.*?)(?=<option|</option|</select|</optgroup)", re.DOTALL)


def text_of(markup: str) -> str:
    """The text of a page, or of a part of one, blanks joined."""
    inside = re.sub(r"<(script|style)\b.*?</\1>", "", markup, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", inside)).split())


def main_text_of(markup: str) -> str:
    """The text of what a page is for, without the bars that every page has."""
    return text_of(markup.partition("<main")[2].partition(">")[2].partition("</main>")[0])


def forms(markup: str) -> list[tuple[str, Fields]]:
    """The forms of a page: where each is sent, and what its fields hold."""
    return [
        (_attribute(head, "action") or "", list(_fields(body)))
        for head, body in _FORM.findall(markup)
    ]


def field_of(markup: str, name: str) -> str:
    """What a field holds, in the first form of a page that has it."""
    found = [value for _, fields in forms(markup) for each, value in fields if each == name]
    assert found, (name, markup)
    return found[0]


def next_page_of(markup: str) -> str:
    """The address of the page that goes on where a list ends on this one."""
    found = re.search(r'rel="next" href="([^"#]*)', markup)
    assert found is not None, markup
    return unescape(found[1])


def _fields(body: str) -> Iterator[tuple[str, str]]:
    """The fields that a browser sends of a form in which nobody has changed anything."""
    for control in _CONTROL.findall(body):
        head = control[: control.index(">") + 1]
        name = _attribute(head, "name")
        if name is None or re.search(r"\sdisabled\b", head):
            continue
        if control.startswith("<select"):
            options = _OPTION.findall(control)
            chosen = [each for each in options if re.search(r"\bselected\b", each[0])]
            option, text = (chosen or options or [("", "")])[0]
            value = _attribute(option, "value")
            yield name, text.strip() if value is None else value
        elif control.startswith("<textarea"):
            text = unescape(control[len(head) : -len("</textarea>")])
            yield name, text.removeprefix("\n")
        else:
            kind = _attribute(head, "type") or "text"
            is_choice = kind in ("checkbox", "radio")
            is_sent = not is_choice or re.search(r"\schecked\b", head)
            if is_sent and kind not in ("file", "submit", "button"):
                yield name, _attribute(head, "value") or ("on" if is_choice else "")


def _attribute(tag: str, name: str) -> str | None:
    """The value of an attribute of a tag."""
    found = re.search(rf'\s{name}="([^"]*)"', tag)
    return None if found is None else unescape(found[1])
