"""A taxonomy that uses every key, and files of texts."""

from __future__ import annotations

from pathlib import Path

FULL = """\
defaults: {on_score: 0.4, merge_gap_s: 1, max_duration_s: 60}
labels:
  - name: Dog
    category: animal
    priority: normal
    classes: [Dog, Bark]
    off_score: 0.1
    start_patches: 2
    start_window_patches: 3
    min_duration_s: 0.96
    parent: Animal
  - name: Animal
    category: animal
    priority: low
    subtrees: [Animal]
  - name: Siren
    category: safety
    priority: high
    classes: [Siren]
    subtrees: [Alarm]
    masks: [Dog]
scenes:
  window_s: 30
  dwell_s: 10
  min_score: 0.2
  list:
    - name: Street
      classes: [Bus]
    - name: Farm
      subtrees: [Animal]
      min_score: 0.3
overrides:
  - device: "kitchen-*"
    labels:
      Dog: {enabled: false}
  - site: farm
    tag: outdoors
    labels:
      Dog: {on_score: 0.6, min_duration_s: 2}
      Siren: {masks: [Animal]}
"""


def written(folder: Path, text: str) -> Path:
    """Returns a file of this text."""
    file = folder / "taxonomy.yaml"
    file.write_text(text, encoding="utf-8")
    return file
