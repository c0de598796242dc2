"""`earshot models pull`: downloads what others publish and makes a model of it."""

from __future__ import annotations

from earshot.cli.models.options import ModelsDir, PublishedName

EXIT_INTERRUPTED = 130


def pull(name: PublishedName, models_dir: ModelsDir = None) -> None:
    """Downloads the official VGGish (277 MiB), checks it and makes an embedder of it.

    Stopped or cut off, the same command goes on where it was. EARSHOT_MODELS_MIRROR_URL names a
    mirror, HTTPS_PROXY a proxy. EARSHOT_EMBEDDER=vggish uses the model.
    Exit code 2: it cannot be had, or is not what was published.
    """
    import typer

    from earshot.cli.models.errors import ModelsError
    from earshot.cli.models.places import model_settings
    from earshot.cli.models.pulling import pull_vggish
    from earshot.cli.output import escape_unencodable, refuse_in_one_line, say
    from earshot.embedding.errors import EmbeddingError
    from earshot.settings import DownloadSettings, SettingsError
    from earshot.startup import load
    from earshot.vggish.errors import VggishError
    from earshot.vggish.published import OFFICIAL, SOURCE_URL

    escape_unencodable()
    with refuse_in_one_line(ModelsError, VggishError, EmbeddingError, SettingsError):
        folder = model_settings(models_dir).models_dir
        base_url = load(DownloadSettings).models_mirror_url or SOURCE_URL
        try:
            pull_vggish(folder, base_url, OFFICIAL)
        except KeyboardInterrupt:
            say("stopped; what was downloaded is kept, the same command goes on from there")
            raise typer.Exit(EXIT_INTERRUPTED) from None
