"""Measures a frame-level bundle: ``earshot evaluate``, or ``python -m training.evaluate``.

``--bundle models/earshot-default/1 --data-pattern 'DIR/*.tfrecord' --format json`` prints one
object on standard output; everything else goes to standard error. A page with curves and tables
is written besides, unless ``--no-report``.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from rich.console import Console

from earshot.events.errors import BadLabels, BadTaxonomy
from earshot.events.labels import read_ontology
from earshot.events.scores import Members, members_of
from earshot.events.taxonomy import Taxonomy
from earshot.events.taxonomy_file import load_taxonomy
from training.errors import BadInput
from training.evaluation.bundle import Bundle, open_bundle
from training.evaluation.class_measures import to_csv
from training.evaluation.evaluate_bundle import evaluate_bundle
from training.evaluation.evaluation import Evaluation
from training.evaluation.new_file import check_writable, write_file
from training.evaluation.tables import label_table, metric_table
from training.exit_code import exit_code
from training.places import BUNDLE, DATA, TAXONOMY
from training.program import program_name
from training.session import limit_threads
from training.shards import read_pattern
from training.threads import add_threads

REPORTS = Path("build") / "evaluation"


def parse_arguments(arguments: list[str] | None = None) -> argparse.Namespace:
    """Returns the options of the command line."""
    parser = argparse.ArgumentParser(
        prog=program_name("training.evaluate"),
        usage="%(prog)s [options]",
        description="Measures a frame-level bundle on labelled embeddings. Numbers go to standard "
        "output, a page with curves and tables to a file, all else to standard error.",
    )
    eval_shards = str(DATA / "audioset" / "eval" / "*.tfrecord")
    parser.add_argument("--bundle", type=Path, default=BUNDLE, metavar="DIR", help=f"or {BUNDLE}")
    parser.add_argument(
        "--data-pattern", default=eval_shards, metavar="GLOB", help=f"TFRecords, or {eval_shards}"
    )
    parser.add_argument(
        "--format", choices=("table", "json"), default="table", help="json is one object"
    )
    parser.add_argument("--per-class", type=Path, metavar="FILE.csv", help="write a row per class")
    parser.add_argument(
        "--taxonomy", type=Path, metavar="FILE", help=f"the product's labels, or {TAXONOMY}"
    )
    page = parser.add_mutually_exclusive_group()
    page.add_argument(
        "--report", type=Path, metavar="FILE.html", help=f"the page, or {REPORTS}/NAME-VERSION.html"
    )
    page.add_argument("--no-report", action="store_true", help="write no page")
    add_threads(parser)
    return parser.parse_args(arguments)


def run(options: argparse.Namespace, console: Console) -> None:
    """Measures, prints, and writes the files that were asked for.

    Args:
        options: From `parse_arguments`.
        console: Where progress, damage and the names of written files go.

    Raises:
        TrainingError: Something given cannot be used, or a file could not be written.
    """
    bundle = open_bundle(options.bundle)
    labels = _product_labels(options.taxonomy, bundle, console)
    report = None if options.no_report else options.report or _default_report(bundle)
    for path in filter(None, (report, options.per_class)):
        check_writable(path)
    segments = read_pattern(options.data_pattern, len(bundle.classes), console)
    evaluation = evaluate_bundle(bundle, segments, labels, options.data_pattern, console)
    _print(evaluation, options.format)
    if options.per_class is not None:
        write_file(options.per_class, to_csv(bundle.classes, evaluation.per_class))
        _say(console, f"written: {options.per_class}")
    if report is not None:
        # Matplotlib is for the page alone.
        from training.evaluation.page import render_page

        write_file(report, render_page(evaluation))
        _say(console, f"written: {report}")


def _product_labels(
    file: Path | None, bundle: Bundle, console: Console
) -> tuple[Taxonomy, Members] | None:
    """Returns the labels of a taxonomy; None if it was not asked for and does not fit."""
    try:
        taxonomy = load_taxonomy(file or TAXONOMY)
        return taxonomy, members_of(taxonomy, bundle.classes, read_ontology(bundle.classes))
    except (BadLabels, BadTaxonomy) as error:
        if file is not None:
            raise BadInput(str(error)) from None
        _say(console, f"without the product's labels: {error}")
        return None


def _say(console: Console, sentence: str) -> None:
    console.print(sentence, markup=False, highlight=False, soft_wrap=True)


def _default_report(bundle: Bundle) -> Path:
    return REPORTS / f"{bundle.card.name}-{bundle.card.version}.html"


def _print(evaluation: Evaluation, output_format: str) -> None:
    out = Console()
    if output_format == "json":
        out.print(json.dumps(evaluation.values), soft_wrap=True, highlight=False, markup=False)
        return
    title = f"{evaluation.card.name_version} on {evaluation.pattern}"
    out.print(metric_table(evaluation.values, title))
    if evaluation.product is not None:
        out.print(label_table(evaluation.product))


def command(options: argparse.Namespace) -> int:
    """Measures; returns 0, 1 with a sentence on what is wrong, or 130 after Ctrl-C."""
    console = Console(stderr=True)
    return exit_code(lambda: run(options, console), console)


def main() -> None:
    """Measures as the command line says, on as many threads."""
    options = parse_arguments()
    limit_threads(options.threads)
    sys.exit(command(options))


if __name__ == "__main__":
    main()
