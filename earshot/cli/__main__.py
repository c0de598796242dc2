"""`earshot`: hears recordings, runs the system, plays into it, looks at it and trains models."""

from __future__ import annotations

import typer

from earshot.cli.check_config import check_config
from earshot.cli.classify import classify
from earshot.cli.demo import demo
from earshot.cli.devices import app as devices
from earshot.cli.events import events
from earshot.cli.explain import explain
from earshot.cli.forget import forget
from earshot.cli.groups import app as groups
from earshot.cli.models.app import app as models
from earshot.cli.play import play
from earshot.cli.run import run
from earshot.cli.token import app as token
from earshot.cli.training import PASS_EVERYTHING_ON, TRAINING_COMMANDS
from earshot.cli.up import up

app = typer.Typer(
    help=__doc__,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for command in (classify, demo, up, play, events, explain, forget, check_config):
    app.command()(command)
# What follows the service's name is for the service, options included.
app.command(context_settings={"allow_interspersed_args": False})(run)
for training_command in TRAINING_COMMANDS:
    app.command(context_settings=PASS_EVERYTHING_ON)(training_command)
app.add_typer(devices, name="devices")
app.add_typer(groups, name="groups")
app.add_typer(models, name="models")
app.add_typer(token, name="token")


def main() -> None:
    """Runs the command that the arguments name."""
    app()


if __name__ == "__main__":
    main()
