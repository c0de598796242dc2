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


def absent_dangers(recording: Recording) -> frozenset[str]:
    """Returns the classes of danger that its labels rule out.

    SESA's "casual" has no finer label, but is defined as no threat.
    """
    if recording.label_of_set == "casual":
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
