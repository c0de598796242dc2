"""The classes people are woken for, and which recordings surely hold none of them."""

from __future__ import annotations

from training.embedder.recordings import Recording

# Each kind of danger: its classes, and the labels of recordings that cannot be told from it, or
# may hold it unsaid.
KINDS: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = (
    (
        ("Smoke detector, smoke alarm", "Fire alarm"),
        ("Alarm", "Alarm clock", "Beep, bleep", "Buzzer"),
    ),
    (
        (
            "Siren",
            "Civil defense siren",
            "Police car (siren)",
            "Ambulance (siren)",
            "Fire engine, fire truck (siren)",
        ),
        ("Alarm", "Emergency vehicle", "Vehicle horn, car horn, honking"),
    ),
    (
        ("Gunshot, gunfire", "Machine gun"),
        ("Artillery fire", "Bang", "Cap gun", "Fireworks", "Firecracker"),
    ),
    (
        ("Explosion",),
        ("Artillery fire", "Bang", "Boom", "Eruption", "Fireworks", "Thunder", "Thunderstorm"),
    ),
    (("Shatter",), ("Breaking", "Glass", "Smash, crash")),
)
DANGER = frozenset(name for classes, _ in KINDS for name in classes)
# Under such a label anything may be heard.
VAGUE_LABELS = frozenset({"Environmental noise", "Noise", "Sound effect"})
# SESA's clips without a threat: chosen, as its threats were, for a listener that watches.
NO_THREAT = "casual"


def absent_dangers(recording: Recording) -> frozenset[str]:
    """Returns the classes of danger that its labels rule out.

    `NO_THREAT` has no finer label, but is defined by their absence.
    """
    if recording.label_of_set == NO_THREAT:
        return DANGER
    labels = set(recording.labels)
    if labels & VAGUE_LABELS:
        return frozenset()
    return frozenset(
        name
        for classes, neighbours in KINDS
        if not labels & {*classes, *neighbours}
        for name in classes
    )


def is_harmless(recording: Recording) -> bool:
    """Returns whether its labels rule every danger out."""
    return absent_dangers(recording) == DANGER


def teaches_danger(recording: Recording) -> bool:
    """Returns whether it holds a danger, or was chosen to be told from one."""
    return recording.label_of_set == NO_THREAT or not DANGER.isdisjoint(recording.labels)
