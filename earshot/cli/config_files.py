"""What `earshot check-config` finds out about a file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from earshot.cli.output import shown
from earshot.events.errors import BadLabels, BadTaxonomy
from earshot.events.taxonomy import Taxonomy
from earshot.events.taxonomy_file import all_problems, load_taxonomy
from earshot.model_labels import ModelLabels
from earshot.settings import ModelSettings, TaxonomySettings


class ConfigSettings(ModelSettings, TaxonomySettings):
    """The files that services read at their start, and what these are held against."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What is to be said about a file.

    Attributes:
        summary: In one line, what it is and what it holds, when it is good.
        problems: One sentence each; empty when it is good.
    """

    summary: str = ""
    problems: tuple[str, ...] = ()


def check_file(file: Path, settings: ConfigSettings) -> Checked:
    """Checks a taxonomy: its form, its sense, and against the newest bundle of the model.

    Args:
        file: The taxonomy.
        settings: Which model.
    """
    problems = all_problems(file)
    if problems:
        return Checked(problems=tuple(map(str, problems)))
    try:
        taxonomy = load_taxonomy(file)
        classes = ModelLabels(settings.models_dir).check_newest(settings.model, taxonomy)
    except (BadLabels, BadTaxonomy) as error:
        return Checked(problems=(str(error),))
    version = classes.file.parents[1].name
    return Checked(f"{shown(file)}: {_contents(taxonomy)}; fits {settings.model}@{version}")


def _contents(taxonomy: Taxonomy) -> str:
    counts = {
        "label": len(taxonomy.labels),
        "scene": len(taxonomy.scenes.scenes),
        "override": len(taxonomy.overrides),
    }
    listed = (f"{count} {noun}{'' if count == 1 else 's'}" for noun, count in counts.items())
    return f"taxonomy of {', '.join(listed)}"
