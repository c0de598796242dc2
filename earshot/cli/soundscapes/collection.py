"""All soundscapes."""

from __future__ import annotations

from earshot.cli.soundscapes.kitchen import kitchen
from earshot.cli.soundscapes.living_room import living_room
from earshot.cli.soundscapes.soundscape import Soundscape
from earshot.cli.soundscapes.street import street


def soundscapes() -> tuple[Soundscape, ...]:
    """Returns them, the same at each call."""
    return kitchen(), street(), living_room()
