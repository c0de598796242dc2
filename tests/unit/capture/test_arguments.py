from __future__ import annotations

from pathlib import Path

import pytest

from services.capture.arguments import parse


def test_files_are_played_once_in_real_time_by_default() -> None:
    arguments = parse(["--device", "kitchen", "a.wav", "b.flac"])
    assert arguments.paths == (Path("a.wav"), Path("b.flac"))
    assert (arguments.device_id, arguments.speed, arguments.is_endless) == ("kitchen", 1.0, False)


@pytest.mark.parametrize(("word", "speed"), [("2.5", 2.5), ("1e3", 1_000.0), ("max", None)])
def test_the_speed_is_a_number_or_max(word: str, speed: float | None) -> None:
    arguments = parse(["--device", "kitchen", "--speed", word, "--loop", "a.wav"])
    assert (arguments.speed, arguments.is_endless) == (speed, True)


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["a.wav"], "required: --device"),
        (["--device", "kitchen"], "required: FILE"),
        (["--device", "a b", "a.wav"], "'a b': 1 to 128 letters, digits and . _ : - are allowed"),
        (["--device", "", "a.wav"], "'': 1 to 128 letters"),
        (["--device", "x" * 129, "a.wav"], "1 to 128 letters"),
        (["--device", "k", "--speed", "0", "a.wav"], "'0': a number above 0, or max, is allowed"),
        (["--device", "k", "--speed", "fast", "a.wav"], "'fast': a number above 0"),
        (["--device", "k", "--speed", "nan", "a.wav"], "'nan': a number above 0"),
        (["--device", "k", "--speed", "inf", "a.wav"], "'inf': a number above 0"),
    ],
)
def test_what_makes_no_sense_stops_the_start(
    words: list[str], complaint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stopped:
        parse(words)
    assert stopped.value.code == 2
    assert complaint in capsys.readouterr().err
