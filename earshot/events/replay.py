"""The tracker's own code over the scores of one label from an event's onset on.

Right before an onset the label has no event, and no patch of the window counts but those from the
onset on: so nothing that came before needs to be known.
"""

from __future__ import annotations

from itertools import islice

from earshot.events.curve import Curve
from earshot.events.event import EndReason, EventState, SoundEvent
from earshot.events.label_tracker import LabelTracker, rounded
from earshot.events.onset import Onset
from earshot.events.revisions import Revisions
from earshot.events.taxonomy import Label


def opening(label: Label, curve: Curve, onset_sample: int) -> list[float] | None:
    """Returns the scores from an onset up to the patch that made it an event; None if none does.

    Args:
        label: With the settings to go by.
        curve: Of this label.
        onset_sample: Where the event begins.
    """
    index = curve.position(onset_sample)
    onset, heard = Onset(), list[float]()
    patches = () if index is None else curve.unbroken_from(index)
    for patch, score in islice(patches, label.start_window_patches):
        heard.append(score)
        event = onset.take(rounded(label), score, patch)
        if event is not None:
            return heard if event.onset_sample == onset_sample else None
    return None


def replayed(label: Label, curve: Curve, event: SoundEvent) -> SoundEvent | None:
    """Returns what these settings make of the scores of an event: its end, whatever ended it.

    Args:
        label: With the settings to go by.
        curve: Of this label, beyond the end of the event.
        event: The event, whose first patch the curve has.

    Returns:
        The last revision of the first event that begins before the end of this one, ended by the
        curve's next gap at the latest; None when none begins.
    """
    index = curve.position(event.onset_sample)
    tracker = LabelTracker([label], Revisions(event.device_id, event.session_id, ""))
    ended: list[SoundEvent] = []
    for patch, score in () if index is None else curve.unbroken_from(index):
        revised = tracker.hear([score], patch)
        ended = [each for each in revised if each.state is EventState.ENDED]
        if ended:
            break
    ended = ended or tracker.break_off(EndReason.GAP)
    return next((each for each in ended if each.onset_sample < event.offset_sample), None)
