from __future__ import annotations

import numpy as np

from earshot.cli.demonstration.heard import Heard, compare, unexpected
from earshot.cli.soundscapes.soundscape import Occurrence, Soundscape

SCAPE = Soundscape("street-1", np.zeros(16_000), (Occurrence("Siren", 9.0, 22.0),))


def heard(label: str, onset_s: float, offset_s: float, device_id: str = "street-1") -> Heard:
    return Heard("id", device_id, label, "ended", onset_s, offset_s, 0.9)


def test_a_sound_is_found_by_the_first_event_that_overlaps_it() -> None:
    late, early = heard("Siren", 15, 17), heard("Siren", 8.64, 12)
    (finding,) = compare([SCAPE], [late, early])
    assert finding.found == early
    assert unexpected([finding], [late, early]) == []


def test_a_sound_is_missed_when_label_device_or_time_are_others() -> None:
    others = [
        heard("Speech", 10, 12),
        heard("Siren", 10, 12, device_id="kitchen-1"),
        heard("Siren", 1, 9.0),
        heard("Siren", 22.0, 25),
    ]
    (finding,) = compare([SCAPE], others)
    assert finding.found is None
    assert unexpected([finding], others) == others
