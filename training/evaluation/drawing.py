"""Matplotlib drawings as inline SVG that takes its colours and font from the page around it."""

from __future__ import annotations

import html
import io
import re
import warnings
from collections.abc import Callable
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure

# Stand-ins, used for nothing else: each becomes what the page's style sheet says, light or dark.
INK, FAINT, FIRST, SECOND = "#010101", "#020202", "#030303", "#040404"
_COLOURS = {INK: "currentColor", FAINT: "var(--faint)", FIRST: "var(--first)"}
_COLOURS[SECOND] = "var(--second)"

_STYLE = {
    "svg.fonttype": "none",  # text stays text: it can be searched, and has the page's font
    "text.parse_math": False,  # a class name may hold dollars
    "font.size": 8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": FAINT,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": FAINT,
    "grid.linewidth": 0.5,
    "text.color": INK,
    "axes.labelcolor": INK,
    "xtick.color": FAINT,
    "ytick.color": FAINT,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
}
_NO_METADATA = dict.fromkeys(("Creator", "Date", "Format", "Type"))


def draw_svg(
    width_in: float, height_in: float, description: str, paint: Callable[[Figure], Any]
) -> str:
    """Returns a drawing as an `<svg>` element that scales with what holds it.

    Args:
        width_in: Inches, of 72 units of the drawing: its text of size 8 is 8 units high.
        height_in: Inches.
        description: For who cannot see it; unlike that of any other drawing of the page.
        paint: Draws on the figure, with `INK`, `FAINT`, `FIRST` and `SECOND` as colours.
    """
    text = io.StringIO()
    # Ids come from the salt and what they name: the same drawing is the same bytes, and two
    # drawings on one page share no id.
    style = {**_STYLE, "svg.hashsalt": description}
    with mpl.rc_context(style), warnings.catch_warnings():
        # Matplotlib's own font only measures the text; the page's shows it.
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        figure = Figure(figsize=(width_in, height_in), layout="constrained")
        paint(figure)
        figure.savefig(text, format="svg", transparent=True, metadata=_NO_METADATA)
    return _inline(text.getvalue(), width_in, height_in, description)


def _inline(svg: str, width_in: float, height_in: float, description: str) -> str:
    body = svg[svg.index("<svg") :]
    body = body[body.index(">") + 1 :]
    body = re.sub(r"<metadata>.*?</metadata>", "", body, flags=re.DOTALL)
    # Groups are numbered alike in every drawing; on one page an id must be there once.
    body = re.sub(r'<g id="[^"]*"', "<g", body)
    for stand_in, colour in _COLOURS.items():
        body = body.replace(stand_in, colour)
    width, height = width_in * 72, height_in * 72
    return (
        f'<svg role="img" aria-label="{html.escape(description)}" '
        f'viewBox="0 0 {width:g} {height:g}" style="max-width: {width * 1.75:g}px">{body}'
    )
