"""`earshot models verify`: whether models are what their cards say."""

from __future__ import annotations

from typing import Annotated

import typer

from earshot.cli.models.options import ModelsDir

EXIT_NOT_SOUND = 1


def verify(
    models: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="NAME[@VERSION]",
            help="All versions without one; every model without a name.",
            show_default=False,
        ),
    ] = None,
    models_dir: ModelsDir = None,
) -> None:
    """Checks that models are what their cards say.

    Looks at the checksums of the files that the card lists, at the embedding space, the number of
    classes, name and version. A service refuses a model for the same reasons, and for a network
    that it cannot run, which is not tried here. Other files beside them are remarked on.
    Exit code 1: a model is not sound; 2: there is no such model.
    """
    from earshot.cli.models.catalogue import find_bundles
    from earshot.cli.models.errors import ModelsError
    from earshot.cli.models.places import model_settings
    from earshot.cli.models.soundness import problems_of, remarks_of
    from earshot.cli.output import escape_unencodable, refuse_in_one_line, write
    from earshot.settings import SettingsError

    escape_unencodable()
    with refuse_in_one_line(ModelsError, SettingsError):
        directories = find_bundles(model_settings(models_dir).models_dir, models or [])
    is_sound = True
    for directory in directories:
        problems = problems_of(directory)
        is_sound = is_sound and not problems
        verdict = "refused" if problems else "sound"
        said = problems or [f"remark: {remark}" for remark in remarks_of(directory)]
        lines = "".join(f"  {line}\n" for line in said)
        write(f"{directory.parent.name}@{directory.name}: {verdict}\n{lines}")
    raise typer.Exit(0 if is_sound else EXIT_NOT_SOUND)
