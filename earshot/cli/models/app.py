"""`earshot models`, a command with commands of its own."""

from __future__ import annotations

import typer

from earshot.cli.models.card import card
from earshot.cli.models.import_command import import_model
from earshot.cli.models.list import list_models
from earshot.cli.models.pull import pull
from earshot.cli.models.verify import verify

app = typer.Typer(
    help="Lists, shows and checks models, and gets the official VGGish.",
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("list")(list_models)
app.command()(card)
app.command()(verify)
app.command()(pull)
app.command("import")(import_model)
