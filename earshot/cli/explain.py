"""`earshot explain`: why an event is one, or how a device's sound stood at a moment."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from earshot.cli.asking import asking
from earshot.cli.device_id import device_id


def _moment(text: str | None) -> str | None:
    if text is None:
        return None
    try:
        datetime.fromisoformat(text).astimezone()
    except (ValueError, OverflowError, OSError):
        raise typer.BadParameter(
            f"{text[:80]!r}: a time such as '2026-05-01 03:12:07' (of this machine's time zone) or "
            "2026-05-01T03:12:07Z is allowed"
        ) from None
    return text


def explain(
    event_id: Annotated[
        str | None,
        typer.Argument(metavar="EVENT_ID", help="As `earshot events --json` shows it."),
    ] = None,
    device: Annotated[
        str | None,
        typer.Option(metavar="ID", callback=device_id, help="Instead: this device, with --at."),
    ] = None,
    at: Annotated[
        str | None,
        typer.Option(metavar="TIME", callback=_moment, help="The moment to explain."),
    ] = None,
    json: Annotated[
        bool, typer.Option("--json", help="The API's answer, one JSON object, for programs.")
    ] = False,
    api: Annotated[
        str | None,
        typer.Option(metavar="URL", help="The system's API; else EARSHOT_API_URL or `earshot up`."),
    ] = None,
) -> None:
    """Explains an event: its scores, the thresholds and who set them, what became of it and why.

    With --device and --at: how each label stood at that moment, and why it was an event or none.
    Scores come from kept embeddings, which are deleted after a day by default. On a terminal the
    scores are drawn.
    Exit code 1: no API answers, or cannot now; 2: it does not take the question.
    """
    from urllib.parse import quote

    from earshot.cli.explaining.moment_text import around

    if event_id is not None and device is None and at is None:
        path, parameters = f"/v1/events/{quote(event_id, safe='')}/explain", None
    elif event_id is None and device is not None and at is not None:
        moment = datetime.fromisoformat(at).astimezone()
        path, parameters = f"/v1/devices/{quote(device)}/scores", around(moment)
    else:
        raise typer.BadParameter("either EVENT_ID, or both --device and --at, must be given")
    with asking(api) as ask:
        answer = ask.ask("GET", path, parameters=parameters).json()
    _show(answer, json)


def _show(answer: dict[str, object], is_json: bool) -> None:
    import json
    import sys

    from earshot.cli.explaining.drawing import drawing
    from earshot.cli.explaining.event_text import event_text
    from earshot.cli.explaining.moment_text import moment_text
    from earshot.cli.output import write

    if is_json:
        write(f"{json.dumps(answer)}\n")
    elif "event" in answer:
        is_unicode = (sys.stdout.encoding or "").lower().startswith("utf")
        curve = drawing(answer, "█" if is_unicode else "#") if sys.stdout.isatty() else ""
        write(event_text(answer, curve))
    else:
        write(moment_text(answer))
