"""Why an event ended, or that it lasts."""

from __future__ import annotations

from earshot.audio.params import SAMPLE_RATE_HZ
from earshot.events.curve import Curve
from earshot.events.event import SCENE_CATEGORY, EndReason, EventState, SoundEvent
from earshot.events.patch import PATCH_HOP_NS
from earshot.events.reason import Reason, seconds, shown
from earshot.events.taxonomy import Label, Scenes

_PLAIN = {
    EndReason.SESSION_END: "It ended with the session: the source stopped.",
    EndReason.TAXONOMY_CHANGED: "It ended because the taxonomy was changed while it lasted.",
    EndReason.SOURCE_GONE: "It ended because nothing more was heard of the device",
}


def label_ended(
    event: SoundEvent, label: Label | None, curve: Curve | None, is_confirmed: bool
) -> list[Reason]:
    """Returns why an event of a label ended, after the gap that ended it if one did.

    Args:
        event: The event.
        label: As it is in force now; None when there is no such label any more.
        curve: Of the label; None when there is none.
        is_confirmed: Whether what is in force now ends the event at the same sample.
    """
    if event.state is not EventState.ENDED:
        return [_lasts(event)]
    if event.end_reason is EndReason.GAP:
        return [*_gap(event, curve), _ended(event, f"It ended where sound was lost{_why(event)}.")]
    if event.end_reason is EndReason.QUIET:
        sentence = "It ended: the label had been off for longer than its merge gap."
        if label is not None and curve is not None and is_confirmed:
            sentence = _quiet(event, label, curve)
    elif event.end_reason is EndReason.MAX_DURATION:
        at_most = "" if label is None else f" {label.max_duration_samples / SAMPLE_RATE_HZ:g}"
        sentence = f"It was cut at max_duration_s{at_most}; what went on is another event."
    else:
        sentence = _plain(event)
    return [_ended(event, sentence + _pauses(event))]


def scene_ended(event: SoundEvent, scenes: Scenes) -> Reason:
    """Returns why a scene's reign ended."""
    if event.state is not EventState.ENDED:
        return _lasts(event)
    if event.end_reason is EndReason.QUIET:
        dwell_s = scenes.dwell_samples / SAMPLE_RATE_HZ
        return _ended(event, f"It ended: it had not led for dwell_s {dwell_s:g}.")
    return _ended(event, _plain(event))


def _lasts(event: SoundEvent) -> Reason:
    return Reason(event.offset_at_ns, "lasts", "It lasts: this is as far as it is known.")


def _ended(event: SoundEvent, sentence: str) -> Reason:
    return Reason(event.offset_at_ns, "ended", sentence)


def _plain(event: SoundEvent) -> str:
    sentence = _PLAIN.get(event.end_reason, "It ended.")
    return sentence if sentence.endswith(".") else f"{sentence}{_why(event)}."


def _why(event: SoundEvent) -> str:
    return f" ({event.gap_reason})" if event.gap_reason else ""


def _quiet(event: SoundEvent, label: Label, curve: Curve) -> str:
    position = curve.position(event.offset_sample)
    heard = "" if position is None else f" to {shown(float(curve.scores[position]))}"
    again = ""
    if label.merge_gap_samples:
        again = (
            f", and did not reach on_score {label.on_score:g} again within merge_gap_s "
            f"{label.merge_gap_samples / SAMPLE_RATE_HZ:g}"
        )
    return f"It ended: the score fell{heard}, below off_score {label.off_score:g}{again}."


def _pauses(event: SoundEvent) -> str:
    """Says how much was bridged; gaps are bridged by scenes alone."""
    if not event.quiet_samples or event.category == SCENE_CATEGORY:
        return ""
    lasted = seconds(event.offset_sample - event.onset_sample)
    return f" Of its {lasted}, {seconds(event.quiet_samples)} were pauses."


def _gap(event: SoundEvent, curve: Curve | None) -> list[Reason]:
    """Returns how long the gap was, if the curve has the patch after it."""
    for begin_ns, end_ns in [] if curve is None else curve.gaps_ns():
        if begin_ns >= event.offset_at_ns - PATCH_HOP_NS:
            sentence = f"Nothing was heard for {(end_ns - begin_ns) / 1e9:.2f} s{_why(event)}."
            return [Reason(begin_ns, "gap", sentence)]
    return []
