"""The taxonomy: the labels and scenes a product acts on, and when each of them starts and ends."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from fnmatch import fnmatchcase
from typing import Any

CATEGORIES = (
    "safety",
    "impact",
    "human",
    "animal",
    "music",
    "mechanical",
    "environmental",
)
PRIORITIES = ("critical", "high", "normal", "low")
BUILT_IN = "built in"


@dataclass(frozen=True, slots=True)
class Label:
    """A sound worth an event, made of one or more classes of the model.

    Attributes:
        name: What people and rules call it.
        category: One of `CATEGORIES`.
        priority: One of `PRIORITIES`.
        classes: Display names of its member classes; its score is the highest of all members'.
        subtrees: Display names of nodes of the model's ontology; every class of the model at or
            below one of them is a member.
        on_score: A patch with at least this score starts an event, or goes on with one.
        off_score: An event goes on while the score is at least this; at most `on_score`.
        start_patches: So many …
        start_window_patches: … of the last so many patches must reach `on_score` before an event
            starts; 1 <= `start_patches` <= `start_window_patches` <= 60.
        min_duration_samples: From onset to the end known so far, before it counts as an event;
            at 16 kHz.
        merge_gap_samples: Silence of the label after which a new onset is still the same event;
            at 16 kHz.
        max_duration_samples: A longer event ends and a new one may begin; at 16 kHz.
        masks: Names of labels whose events are suppressed while one of this label lasts.
        parent: Name of a more general label, which this one masks too; empty when there is none.
    """

    name: str
    category: str
    priority: str
    classes: tuple[str, ...]
    subtrees: tuple[str, ...] = field(default=(), kw_only=True)
    on_score: float = 0.35
    off_score: float = 0.2
    start_patches: int = field(default=1, kw_only=True)
    start_window_patches: int = field(default=1, kw_only=True)
    min_duration_samples: int = 0
    merge_gap_samples: int = 15_360
    max_duration_samples: int = 9_600_000
    masks: tuple[str, ...] = ()
    parent: str = ""


@dataclass(frozen=True, slots=True)
class Scene:
    """What kind of place it sounds like, over a long window; one at a time.

    Attributes:
        name: What people and rules call it.
        classes: As of a label.
        subtrees: As of a label.
        min_score: Below it the scene is not recognised.
    """

    name: str
    classes: tuple[str, ...]
    subtrees: tuple[str, ...] = ()
    min_score: float = 0.1


@dataclass(frozen=True, slots=True)
class Scenes:
    """The scenes, of which at most one is recognised at a time.

    Attributes:
        scenes: In the order of the file; empty when none are wanted.
        window_patches: Time constant of the running mean of their scores.
        dwell_samples: Another scene must lead so long before it takes over; at 16 kHz.
    """

    scenes: tuple[Scene, ...] = ()
    window_patches: int = 63
    dwell_samples: int = 480_000


@dataclass(frozen=True, slots=True)
class Override:
    """Settings of labels that differ at some devices.

    Attributes:
        device: Pattern of the device id, `*` for any characters, `?` for one; empty for any.
        site: The device's site; empty for any.
        tag: A tag the device must have; empty for none.
        settings: By name of the label, the attributes of `Label` that change; `enabled` false
            takes the label out, true takes it in again.
        places: Where each of them was set, `file:line`, by label and attribute.
    """

    device: str = ""
    site: str = ""
    tag: str = ""
    settings: Mapping[str, Mapping[str, Any]] = field(default_factory=dict, hash=False)
    places: Mapping[tuple[str, str], str] = field(default_factory=dict, compare=False, repr=False)

    def matches(self, device_id: str, site: str, tags: Collection[str]) -> bool:
        """Returns whether all that it asks of a device is so."""
        is_device = not self.device or fnmatchcase(device_id, self.device)
        return is_device and self.site in ("", site) and (not self.tag or self.tag in tags)

    @property
    def condition(self) -> str:
        """All that it asks of a device, in words: `device kennel-*, site farm`."""
        asked = {"device": self.device, "site": self.site, "tag": self.tag}
        return ", ".join(f"{what} {value}" for what, value in asked.items() if value)


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """All labels and scenes, in the order of the file.

    Attributes:
        labels: No two of the same name; at least one, unless overrides take them all out.
        scenes: May be none.
        overrides: What differs where; later ones win. None in what `for_device` returns, unless
            it is the taxonomy itself.
        places: Where each class and subtree of each label was named, `file:line: key: ` for
            messages; those of scenes by `("scene", name, class)`.
        origins: Where each setting of each label in force was set, see `origin`.
        taxonomy_hash: 16 hexadecimal digits that change with anything that decides about events
            and scenes here: labels and scenes in force.
    """

    labels: tuple[Label, ...]
    scenes: Scenes = Scenes()
    overrides: tuple[Override, ...] = ()
    places: dict[tuple[str, ...], str] = field(default_factory=dict, compare=False, repr=False)
    origins: Mapping[tuple[str, str], str] = field(default_factory=dict, compare=False, repr=False)
    taxonomy_hash: str = field(init=False, compare=False)
    _in_force: dict[tuple[Override, ...], Taxonomy] = field(
        init=False, compare=False, repr=False, default_factory=dict
    )

    def __post_init__(self) -> None:
        decides = [[asdict(label) for label in self.labels], asdict(self.scenes)]
        canonical = json.dumps(decides, sort_keys=True).encode()
        object.__setattr__(self, "taxonomy_hash", hashlib.sha256(canonical).hexdigest()[:16])

    def for_device(self, device_id: str, site: str, tags: Collection[str]) -> Taxonomy:
        """Returns the labels as they are in force at a device; itself when no override matches.

        Devices for which the same overrides match get the same object.

        Args:
            device_id: The device.
            site: Where it stands; empty when nobody said.
            tags: Its tags.
        """
        matching = tuple(o for o in self.overrides if o.matches(device_id, site, tags))
        if not matching:
            return self
        if matching not in self._in_force:
            self._in_force.setdefault(matching, self._with(matching))
        return self._in_force[matching]

    def origin(self, label: str, setting: str) -> str:
        """Returns who set a setting in force, and where.

        Args:
            label: Name of the label, or of a scene.
            setting: Attribute of `Label`, e.g. `on_score`; of a scene `min_score`, `window_s` or
                `dwell_s`.

        Returns:
            `label Dog, config/taxonomy.yaml:41`, `defaults, config/taxonomy.yaml:9`,
            `override for tag outdoors, config/taxonomy.yaml:120`,
            `scenes, config/taxonomy.yaml:90`, `scene Street, config/taxonomy.yaml:97` or
            `built in`.
        """
        return self.origins.get((label, setting), BUILT_IN)

    def _with(self, overrides: tuple[Override, ...]) -> Taxonomy:
        origins = dict(self.origins)
        for override in overrides:
            said = f"override for {override.condition}"
            origins.update({key: f"{said}, {at}" for key, at in override.places.items()})
        labels = overridden(self.labels, overrides)
        return replace(self, labels=labels, overrides=(), origins=origins)


def overridden(labels: Iterable[Label], overrides: Iterable[Override]) -> tuple[Label, ...]:
    """Returns the labels with all overrides applied, the later ones last.

    A label that is taken out masks nothing and is nobody's parent: the nearest one above it is.
    """
    by_name = {label.name: label for label in labels}
    changes: dict[str, dict[str, Any]] = {name: {} for name in by_name}
    for override in overrides:
        for name, settings in override.settings.items():
            changes[name].update(settings)
    is_in = {name: settings.pop("enabled", True) for name, settings in changes.items()}

    def parent_in_force(name: str) -> str:
        while name and not is_in[name]:
            name = by_name[name].parent
        return name

    changed = (replace(label, **changes[name]) for name, label in by_name.items() if is_in[name])
    return tuple(
        replace(
            label,
            masks=tuple(name for name in label.masks if is_in[name]),
            parent=parent_in_force(label.parent),
        )
        for label in changed
    )
