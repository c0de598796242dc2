"""How a process starts: settings read once, and one clear line per problem instead of a traceback.

def main() -> None:
    with refuse_to_start():
        settings = load(FeaturesSettings)
        configure_logging("features", settings)
        warn_about_unknown_variables(FeaturesSettings)
        start_metrics("features", settings)
        worker = build_worker(settings)
    worker.run()
"""

from __future__ import annotations

import difflib
import os
import re
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeVar

import structlog
from pydantic import ValidationError
from pydantic_core import ErrorDetails
from pydantic_settings import SettingsError as UnreadableVariable

from earshot import settings as shared
from earshot.allowed import describe_allowed
from earshot.settings import ENV_PREFIX, Settings, SettingsError

# Each service owns the variables EARSHOT_<SERVICE>_*: a process knows only its own and the shared.
SERVICES = ("capture", "features", "classifier", "notifier", "api", "modelserver")
_FOREIGN_PREFIXES = tuple(f"{ENV_PREFIX}{name.upper()}_" for name in (*SERVICES, "test"))
_EXIT_REFUSED = 2

S = TypeVar("S", bound=Settings)


def load(settings_class: type[S], **values: Any) -> S:
    """Reads settings from the environment; `values` (command-line options, tests) win over it.

    Raises:
        SettingsError: Key, value and what is allowed, one line per problem.
    """
    try:
        return settings_class(**values)
    except ValidationError as error:
        properties = settings_class.model_json_schema()["properties"]
        problems = [_describe(problem, properties) for problem in error.errors()]
        raise SettingsError("\n".join(problems)) from None
    except UnreadableVariable as error:
        raise SettingsError(str(error)) from None


@contextmanager
def refuse_to_start(*errors: type[Exception]) -> Iterator[None]:
    """Ends the process with exit code 2 and the message alone when the wiring inside fails.

    Args:
        errors: Further errors that a person can act on, e.g. a missing model. `SettingsError` is
            always one; anything else is a defect and keeps its traceback.
    """
    reasons: tuple[type[Exception], ...] = (SettingsError, *errors)
    try:
        yield
    except reasons as error:
        print(error, file=sys.stderr)  # noqa: T201
        raise SystemExit(_EXIT_REFUSED) from None


def unknown_variables(
    settings_class: type[Settings], environ: Mapping[str, str] | None = None
) -> list[str]:
    """One sentence, with the nearest known name, for each `EARSHOT_*` variable nobody reads.

    Variables of other services (`EARSHOT_<SERVICE>_*`) are theirs to check.
    """
    own = _variables(settings_class)
    known = own.union(*(_variables(piece) for piece in _shared_pieces()))
    sentences = []
    for name in sorted(os.environ if environ is None else environ):
        variable = name.upper()  # the environment is read without regard to case
        if not variable.startswith(ENV_PREFIX) or variable in known or _is_foreign(variable, own):
            continue
        field = variable.removeprefix(ENV_PREFIX)
        nearest = difflib.get_close_matches(field, [k.removeprefix(ENV_PREFIX) for k in known], n=1)
        hint = f"; did you mean {ENV_PREFIX}{nearest[0]}?" if nearest else ""
        sentences.append(f"{name} is set but no such setting exists{hint}")
    return sentences


def warn_about_unknown_variables(settings_class: type[Settings]) -> None:
    """Logs each sentence of `unknown_variables`; call it once logging is configured."""
    for sentence in unknown_variables(settings_class):
        structlog.get_logger(__name__).warning(sentence)


def _variables(settings_class: type[Settings]) -> set[str]:
    return {ENV_PREFIX + name.upper() for name in settings_class.model_fields}


def _shared_pieces() -> list[type[Settings]]:
    values = vars(shared).values()
    return [value for value in values if isinstance(value, type) and issubclass(value, Settings)]


def _is_foreign(name: str, own: set[str]) -> bool:
    """Whether the variable's prefix is that of a service other than the one that owns `own`."""
    prefix = next((prefix for prefix in _FOREIGN_PREFIXES if name.startswith(prefix)), None)
    return prefix is not None and not any(variable.startswith(prefix) for variable in own)


def _describe(problem: ErrorDetails, properties: dict[str, Any]) -> str:
    if not problem["loc"]:
        return _sentence(problem)
    field = str(problem["loc"][0])
    if problem["type"] == "extra_forbidden":
        return f"{field} is no setting; known are {', '.join(sorted(properties))}"
    name = ENV_PREFIX + field.upper()
    if problem["type"] == "missing":
        return f"{name} is not set; give {describe_allowed(properties[field])}"
    allowed = _sentence(problem)
    if problem["type"] != "value_error":
        allowed = f"must be {describe_allowed(properties[field])}"
    return f"{name}={_without_password(str(problem['input']))!r}: {allowed}"


def _sentence(problem: ErrorDetails) -> str:
    """Our own validators' words, without the prefix that pydantic puts before them."""
    return problem["msg"].removeprefix("Value error, ")


def _without_password(value: str) -> str:
    """A URL's password does not belong on a terminal or in a log."""
    return re.sub(r"(://[^:@/]*):[^@]*@", r"\1:***@", value)
