"""`earshot models import`: a checkpoint that lies here becomes a model that runs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from earshot.cli.models.options import ModelsDir, PublishedName


def import_model(
    name: PublishedName,
    checkpoint: Annotated[
        Path,
        typer.Argument(
            metavar="PATH",
            help="The checkpoint, vggish_model.ckpt: TensorFlow 1, V1 format.",
            show_default=False,
        ),
    ],
    pca: Annotated[
        Path | None,
        typer.Option(
            metavar="PATH",
            help="The projection. Without it, vggish_pca_params.npz beside the checkpoint.",
            show_default=False,
        ),
    ] = None,
    any_checksum: Annotated[
        bool,
        typer.Option(
            "--any-checksum", help="Take files that are not the published ones, e.g. fine-tuned."
        ),
    ] = False,
    models_dir: ModelsDir = None,
) -> None:
    """Makes an embedder of the official VGGish checkpoint, as the next version of its name.

    Nothing is downloaded and nothing half-written stays. EARSHOT_EMBEDDER=vggish uses it.
    Exit code 2: a file is damaged, of another network or not the published one.
    """
    from earshot.cli.models.errors import ModelsError
    from earshot.cli.models.importing import Files
    from earshot.cli.models.importing_aloud import import_aloud
    from earshot.cli.models.places import model_settings
    from earshot.cli.output import escape_unencodable, refuse_in_one_line
    from earshot.embedding.errors import EmbeddingError
    from earshot.settings import SettingsError
    from earshot.vggish.bundle import PCA_FILE
    from earshot.vggish.errors import VggishError
    from earshot.vggish.published import OFFICIAL

    escape_unencodable()
    with refuse_in_one_line(ModelsError, VggishError, EmbeddingError, SettingsError):
        folder = model_settings(models_dir).models_dir
        files = Files(checkpoint, pca or checkpoint.with_name(PCA_FILE), any_checksum)
        import_aloud(folder, files, OFFICIAL)
