"""`earshot models list`: which models there are, and which of them the settings choose."""

from __future__ import annotations

from earshot.cli.models.options import AsFormat, Format, ModelsDir


def list_models(format: AsFormat = Format.TEXT, models_dir: ModelsDir = None) -> None:
    """Lists the models, every version of each.

    In use is the newest version of those that EARSHOT_EMBEDDER and EARSHOT_MODEL name. A model
    whose card cannot be used is named on standard error; one without a card is left out.
    """
    import json
    from dataclasses import asdict

    from earshot.cli.models.catalogue import Entry, chosen_bundles, entry_of
    from earshot.cli.models.places import model_settings
    from earshot.cli.models.table import table_of
    from earshot.cli.output import escape_unencodable, refuse_in_one_line, say, write
    from earshot.embedding.bundles import all_bundles
    from earshot.embedding.errors import BadBundle
    from earshot.settings import SettingsError

    escape_unencodable()
    with refuse_in_one_line(SettingsError):
        settings = model_settings(models_dir)
    chosen = chosen_bundles(settings.models_dir, (settings.embedder, settings.model))
    entries: list[Entry] = []
    for directory in all_bundles(settings.models_dir):
        try:
            entries.append(entry_of(directory, chosen))
        except BadBundle as error:
            say(str(error))
    if format is Format.JSON:
        write(json.dumps([asdict(entry) for entry in entries], indent=2) + "\n")
    elif entries:
        write(table_of(entries))
    else:
        say(f"no models in {settings.models_dir}")
