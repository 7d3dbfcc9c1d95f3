"""Plots as SVG, made on the server: bars, because what is counted are rows of single things.

A plot says nothing that the table beside it does not say; it is for those who would rather look.
Colours are classes of the style sheet, so they follow the theme, and the parts of a bar always
stand in the same order, so no colour is needed to tell them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

OUTCOMES = ("created", "updated", "unchanged", "failed")

_WIDTH = 640
_HEIGHT = 200
_LEFT = 64  # of it, for the numbers of the axis
_BELOW = 22
_ABOVE = 8
_LABELS_MAX = 8
_LINE = 26  # of a bar that lies
_NAME_WIDTH = 210
_NAME_CHARACTERS = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One bar: what it is of, and how much of what it has."""

    name: str
    parts: Mapping[str, int]  # by class of the style sheet

    @property
    def total(self) -> int:
        """Its whole length."""
        return sum(self.parts.values())


def standing_bars(bars: Sequence[Bar], *, title: str) -> Markup:
    """Bars that stand beside each other in the order of time, as parts on each other."""
    most = max((bar.total for bar in bars), default=0) or 1
    room, height = (_WIDTH - _LEFT) / max(len(bars), 1), _HEIGHT - _ABOVE - _BELOW
    floor = _HEIGHT - _BELOW
    drawn = [_axis(most, height)]
    every = -(-len(bars) // _LABELS_MAX)
    for index, bar in enumerate(bars):
        x, top = _LEFT + room * index, float(floor)
        for name, count in bar.parts.items():
            length = count / most * height
            top -= length
            if count:
                drawn.append(_rectangle(name, x + room * 0.1, top, room * 0.8, length, bar))
        if index % every == 0:
            drawn.append(_text(x + room / 2, _HEIGHT - 6, bar.name, anchor="middle"))
    return _svg(title, _HEIGHT, drawn)


def lying_bars(bars: Sequence[Bar], *, title: str) -> Markup:
    """Bars that lie under each other, each behind its name, as parts behind each other."""
    most = max((bar.total for bar in bars), default=0) or 1
    room = _WIDTH - _NAME_WIDTH - 70
    drawn = []
    for index, bar in enumerate(bars):
        y, x = index * _LINE + 4.0, float(_NAME_WIDTH)
        drawn.append(_text(_NAME_WIDTH - 8, y + 14, bar.name, anchor="end"))
        for name, count in bar.parts.items():
            length = count / most * room
            if count:
                drawn.append(_rectangle(name, x, y, length, _LINE - 8, bar))
            x += length
        drawn.append(_text(x + 6, y + 14, f"{bar.total:,}", anchor="start"))
    return _svg(title, max(len(bars), 1) * _LINE + 4, drawn)


def _svg(title: str, height: int, drawn: Sequence[Markup]) -> Markup:
    return Markup(
        '<svg class="plot" viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>'
    ).format(_WIDTH, height, title, Markup("").join(drawn))


def _axis(most: int, height: int) -> Markup:
    floor = _HEIGHT - _BELOW
    line = Markup('<path class="axis" d="M{0} {1}H{2}M{0} {3}H{2}"/>').format(
        _LEFT, floor, _WIDTH, floor - height
    )
    return (
        line
        + _text(_LEFT - 6, floor, "0", anchor="end")
        + _text(_LEFT - 6, floor - height + 8, f"{most:,}", anchor="end")
    )


def _rectangle(name: str, x: float, y: float, width: float, height: float, bar: Bar) -> Markup:
    count = bar.parts[name]
    return Markup(
        '<rect class="{}" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}">'
        "<title>{}: {:,} {}</title></rect>"
    ).format(name, x, y, max(width, 0.5), max(height, 0.5), bar.name, count, name)


def _text(x: float, y: float, text: str, *, anchor: str) -> Markup:
    cut = text if len(text) <= _NAME_CHARACTERS else f"{text[: _NAME_CHARACTERS - 1]}…"
    return Markup('<text x="{:.1f}" y="{:.1f}" text-anchor="{}">{}</text>').format(
        x, y, anchor, cut
    )
