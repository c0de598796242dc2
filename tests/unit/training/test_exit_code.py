from __future__ import annotations

import io

import pytest
from rich.console import Console

from training.errors import BadInput
from training.exit_code import exit_code


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (None, 0, ""),
        (BadInput("a [b]: no such file"), 1, "error: a [b]: no such file\n"),
        (OSError(28, "No space left"), 1, "error: [Errno 28] No space left\n"),
        (KeyboardInterrupt(), 130, "stopped [here]\n"),
    ],
)
def test_a_command_ends_in_a_sentence_and_a_number(
    error: BaseException | None, code: int, said: str
) -> None:
    def work() -> None:
        if error is not None:
            raise error

    out = io.StringIO()
    assert exit_code(work, Console(file=out), lambda: "stopped [here]") == code
    assert out.getvalue() == said


def test_a_defect_keeps_its_traceback() -> None:
    with pytest.raises(ZeroDivisionError):
        exit_code(lambda: 1 / 0, Console(file=io.StringIO()))
