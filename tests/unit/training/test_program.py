from __future__ import annotations

import pytest

from training.program import program_name


@pytest.mark.parametrize(
    ("started_as", "name"),
    [
        ("earshot train", "earshot train"),
        ("/app/training/train.py", "python -m training.train"),
        ("", "python -m training.train"),
    ],
)
def test_a_command_is_called_as_it_was_started(
    monkeypatch: pytest.MonkeyPatch, started_as: str, name: str
) -> None:
    monkeypatch.setattr("sys.argv", [started_as, "--data", "x"])
    assert program_name("training.train") == name
