"""An import with a progress bar while it runs and a few words about what came of it."""

from __future__ import annotations

from pathlib import Path

from earshot.cli.models.importing import Files, Imported, import_vggish
from earshot.cli.output import say
from earshot.cli.progress import FilesProgress
from earshot.vggish.published import Release

_NUM_NAMED = 5


def import_aloud(models_dir: Path, files: Files, release: Release) -> Imported:
    """Imports, and says on standard error what was done; see `import_vggish`."""
    progress = FilesProgress(1)
    try:
        imported = import_vggish(models_dir, files, release, progress.step)
    finally:
        progress.hide()
    say(_outcome(imported))
    return imported


def _outcome(imported: Imported) -> str:
    """One line each: what is where, what to beware of, what to do next."""
    directory = imported.directory
    model = f"{directory.parent.name}@{directory.name}"
    lines = [f"{model} is {'now' if imported.is_new else 'already'} in {directory}"]
    if imported.left_out:
        named = ", ".join(imported.left_out[:_NUM_NAMED])
        more = len(imported.left_out) - _NUM_NAMED
        rest = f" and {more} more" if more > 0 else ""
        lines.append(f"left out, since VGGish has no such variables: {named}{rest}")
    if not imported.is_published:
        lines.append(
            "these are not the published files: models trained on AudioSet's features understand "
            "it only as far as its embeddings are like VGGish's"
        )
    lines.append(f"EARSHOT_EMBEDDER={directory.parent.name} uses it")
    return "\n".join(lines)
