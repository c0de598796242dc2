"""`earshot models card`: what a model is, of what it was made and what was measured."""

from __future__ import annotations

from typing import Annotated

import typer

from earshot.cli.models.options import AsFormat, Format, ModelsDir


def card(
    model: Annotated[
        str,
        typer.Argument(
            metavar="NAME[@VERSION]", help="The newest version without one.", show_default=False
        ),
    ],
    format: AsFormat = Format.TEXT,
    models_dir: ModelsDir = None,
) -> None:
    """Says what a model is, which data it was trained on, with licences, and what was measured."""
    import json

    from earshot.cli.models.card_text import card_text
    from earshot.cli.models.catalogue import find_bundle
    from earshot.cli.models.errors import ModelsError
    from earshot.cli.models.places import model_settings
    from earshot.cli.output import escape_unencodable, refuse_in_one_line, write
    from earshot.embedding.errors import BadBundle
    from earshot.embedding.model_card import read_card, read_card_fields
    from earshot.settings import SettingsError

    escape_unencodable()
    with refuse_in_one_line(ModelsError, BadBundle, SettingsError):
        directory = find_bundle(model_settings(models_dir).models_dir, model)
        read_card(directory)
        fields = read_card_fields(directory)
    if format is Format.JSON:
        write(json.dumps(fields, indent=2, ensure_ascii=False) + "\n")
    else:
        write(card_text(directory, fields))
