"""Tables of the page; every text is escaped."""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence


def html_table(header: Sequence[str], rows: Iterable[Sequence[str]], num_texts: int = 1) -> str:
    """Returns a table in a frame that scrolls by itself where the page is narrow.

    Args:
        header: One text per column.
        rows: As many texts each.
        num_texts: So many columns at the left are words; the others are numbers.
    """
    body = "\n".join(_row("td", row, num_texts) for row in rows)
    return (
        f'<div class="wide"><table><thead>{_row("th", header, num_texts)}</thead>\n'
        f"<tbody>\n{body}\n</tbody></table></div>"
    )


def _row(tag: str, cells: Sequence[str], num_texts: int) -> str:
    words = [f"<{tag}>{html.escape(cell)}</{tag}>" for cell in cells[:num_texts]]
    numbers = [f'<{tag} class="number">{html.escape(cell)}</{tag}>' for cell in cells[num_texts:]]
    return f"<tr>{''.join(words + numbers)}</tr>"
