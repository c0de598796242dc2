from __future__ import annotations

from pathlib import Path

from earshot.cli.models.card_text import card_text

CARD = {
    "name": "small",
    "version": 3,
    "kind": "embedder",
    "embedding_space": "audioset-vggish-128",
    "parameters": 1234567,
    "source": {"url": None, "sizes": [1, 2]},
    "data": [{"name": "rain", "licence": "CC0", "use": "all of it"}],
    "metrics": {"on": "a test", "by_class": {"Dog bark": 0.5}},
    "files": [{"path": "model.bin", "bytes": 2_500_000, "sha256": "0"}],
}


def test_a_card_is_one_fact_a_line() -> None:
    assert card_text(Path("models/small/3"), CARD) == (
        "small@3: embedder\n"
        "\n"
        "folder: models/small/3\n"
        "size: 2.5 MB\n"
        "embedding space: audioset-vggish-128\n"
        "parameters: 1,234,567\n"
        "source:\n"
        "  url: -\n"
        "  sizes: 1, 2\n"
        "\n"
        "data\n"
        "  rain; CC0; all of it\n"
        "\n"
        "metrics\n"
        "  on: a test\n"
        "  by class:\n"
        "    Dog bark: 0.5\n"
    )


def test_what_is_no_text_is_shown_all_the_same() -> None:
    data = [{"licence": ["CC0", "MIT"], "name": 7}, {"name": None, "hours": 0}]
    text = card_text(Path("models/small/3"), {**CARD, "data": data, "description": {"a": 1}})
    assert "\ndata\n  7; ['CC0', 'MIT']\n  0\n" in text
    assert text.startswith("small@3: embedder\n{'a': 1}\n")


def test_a_card_without_metrics_says_so() -> None:
    text = card_text(Path("models/small/3"), {**CARD, "metrics": {}, "description": "It hears."})
    assert text.startswith("small@3: embedder\nIt hears.\n\n")
    assert text.endswith("metrics\n  none in the card\n")
