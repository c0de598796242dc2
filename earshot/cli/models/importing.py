"""VGGish's files become the next version of the bundle `vggish`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from earshot.cli.models.errors import NotImported
from earshot.cli.models.new_version import add_version
from earshot.cli.models.soundness import problems_of
from earshot.embedding.bundles import versions
from earshot.embedding.errors import BadBundle
from earshot.embedding.model_card import read_card_fields
from earshot.vggish.bundle import NAME, Variables, read_variables, write_bundle
from earshot.vggish.published import Release
from earshot.vggish.source import Source, read_source

# Told what is being done and the share of it, 0 to 1, that is done.
OnStep: TypeAlias = Callable[[str, float], None]


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of an import.

    Attributes:
        directory: The bundle.
        is_new: False when the same files had been imported before.
        is_published: Whether both files are the published ones.
        left_out: Variables of the checkpoint that VGGish has not.
    """

    directory: Path
    is_new: bool
    is_published: bool
    left_out: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Files:
    """What is imported.

    Attributes:
        checkpoint: TensorFlow 1, V1 format.
        pca: The projection that belongs to it.
        is_any_taken: Whether they may be others than the published ones.
    """

    checkpoint: Path
    pca: Path
    is_any_taken: bool = False


def import_vggish(models_dir: Path, files: Files, release: Release, on_step: OnStep) -> Imported:
    """Writes a bundle aside and then gives it the next version's name.

    Args:
        models_dir: Folder of the models.
        files: To import.
        release: What is published.
        on_step: Called often.

    Raises:
        NotImported: A file cannot be read or is not the published one, or the bundle cannot be
            written.
        VggishError: The checkpoint is damaged, or of another network.
        BadBundle: The projection cannot be read.
    """
    on_step("reading the files", 0.0)
    checkpoint = _read(files.checkpoint, release, is_pca=False)
    pca = _read(files.pca, release, is_pca=True)
    is_published = checkpoint.is_published and pca.is_published
    if there := find_imported(models_dir, checkpoint.md5, pca.md5):
        return Imported(there, False, is_published, ())
    variables = read_variables(
        checkpoint, release.widths, lambda share: on_step("checking the checkpoint", share)
    )
    if not files.is_any_taken:
        _check_published(checkpoint)
        _check_published(pca)
    on_step("writing the bundle", 0.0)
    directory = _write(models_dir, variables, checkpoint, pca)
    return Imported(directory, True, is_published, variables.left_out)


def find_imported(models_dir: Path, checkpoint_md5: str, pca_md5: str) -> Path | None:
    """Returns the newest sound bundle that was made of the same two files, if there is one."""
    for directory in reversed(versions(models_dir, NAME)):
        try:
            source = read_card_fields(directory)["source"]
            md5s = source["checkpoint"]["md5"], source["pca"]["md5"]
        except (BadBundle, KeyError, TypeError):
            continue  # broken, or made by other means
        if md5s == (checkpoint_md5, pca_md5) and not problems_of(directory):
            return directory
    return None


def _read(path: Path, release: Release, is_pca: bool) -> Source:
    try:
        return read_source(path, release.pca if is_pca else release.checkpoint)
    except OSError as error:
        hint = "; --pca names the projection that belongs to the checkpoint" if is_pca else ""
        raise NotImported(f"{path}: cannot be read ({error.strerror}){hint}") from None


def _check_published(source: Source) -> None:
    if not source.is_published:
        raise NotImported(
            f"{source.path}: MD5 is {source.md5}, but that of the published "
            f"{source.published.name} is {source.published.md5}; "
            "--any-checksum takes another file, e.g. a fine-tuned one"
        )


def _write(models_dir: Path, variables: Variables, checkpoint: Source, pca: Source) -> Path:
    try:
        return add_version(
            models_dir / NAME,
            lambda aside, version: write_bundle(aside, version, variables, checkpoint, pca),
        )
    except OSError as error:
        reason = error.strerror or str(error)
        raise NotImported(f"{models_dir / NAME}: cannot be written ({reason})") from None
