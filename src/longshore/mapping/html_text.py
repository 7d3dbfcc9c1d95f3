"""The text of a piece of HTML."""

import re
from html.parser import HTMLParser

# What stands in these is not text.
_HIDDEN = frozenset({"script", "style", "template"})
# Between these a browser begins a line.
_BLOCKS = frozenset(
    {
        *("address", "article", "aside", "blockquote", "br", "dd", "div", "dl", "dt", "footer"),
        *("form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol"),
        *("p", "pre", "section", "table", "td", "th", "tr", "ul"),
    }
)
_BLANKS = re.compile(r"[ \t\r\f\v\u00a0]+")
_LINE_ENDS = re.compile(r" *\n[ \n]*")


def html_text(html: str) -> str:
    """What a reader sees of it, in lines where it has blocks."""
    if "<" not in html and "&" not in html:
        return html
    reader = _TextReader()
    reader.feed(html)
    reader.close()
    return _LINE_ENDS.sub("\n", _BLANKS.sub(" ", "".join(reader.parts))).strip()


class _TextReader(HTMLParser):
    """Collects texts, and line ends where blocks begin and end."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _HIDDEN:
            self._hidden += 1
        elif tag in _BLOCKS:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _HIDDEN:
            self._hidden = max(self._hidden - 1, 0)
        elif tag in _BLOCKS:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.parts.append(data.replace("\n", " "))
