"""``python -m ml``: trains models, lists, compares and promotes them, exports labels."""

import argparse
import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from domain.errors import Unavailable
from ml.artifacts import (
    SHADOW,
    Manifest,
    ModelMissing,
    ModelRefused,
    ModelUnavailable,
    move_alias,
    promote,
    read_aliases,
    read_manifest,
    versions,
)
from ml.comparing import report
from ml.database import export_labels, read_comparisons, was_compared
from ml.features import Encoder
from ml.minilm.encoder import EncoderUnavailable, MiniLM
from ml.models import TEXT_MODELS
from ml.shelf import SHIPPED
from ml.training.data_sets import UnreadableSet
from ml.training.examples import NothingToLearn
from ml.training.run import NAMES, train
from runtime.start import CannotStart

USAGE_ERROR: Final = 2


class NotCompared(Exception):
    """A model that would take another's place has not been seen beside it."""


REFUSALS: Final = (
    NotCompared,
    NothingToLearn,
    UnreadableSet,
    ModelUnavailable,
    Unavailable,
    CannotStart,
    OSError,
)


def main(arguments: Sequence[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    try:
        if options.command == "train":
            _train(options)
        elif options.command == "list":
            _list(options.models)
        elif options.command == "compare":
            _compare(options)
        elif options.command == "promote":
            _promote(options)
        elif options.command == "labels":
            print(f"{asyncio.run(export_labels(options.out)):,} labels in {options.out}")
        else:
            move_alias(options.models, options.alias, options.version)
    except REFUSALS as error:
        print(error, file=sys.stderr)
        return USAGE_ERROR
    return 0


def _train(options: argparse.Namespace) -> None:
    alias = options.alias or _untried(options.models, options.name)
    if alias not in (options.name, options.name + SHADOW):
        raise ModelRefused(f"a model of {options.name} is no {alias}")
    manifest = train(
        options.name,
        options.data,
        options.models,
        licensed=options.licensed,
        encoder=_encoder(),
        alias=alias,
        labels=options.labels,
    )
    _show(manifest)
    print(f"  called {alias}")


def _untried(folder: Path, name: str) -> str:
    """What a new model is called: in shadow, where there is a live one."""
    return name + SHADOW if name in read_aliases(folder) else name


def _promote(options: argparse.Namespace) -> None:
    name, version = options.name, options.version
    if name in read_aliases(options.models) and not options.force:
        if name not in TEXT_MODELS:
            raise NotCompared(f"{name} does not run in shadow: --force lets it go live unseen")
        if not asyncio.run(was_compared(name, version)):
            raise NotCompared(
                f"{version} has been compared with nothing: let it run as {name}{SHADOW}, "
                "or --force it to go live unseen"
            )
    promote(options.models, name, version)


def _compare(options: argparse.Namespace) -> None:
    version = read_aliases(options.models).get(options.name + SHADOW)
    if version is None:
        raise ModelMissing(f"no model is called {options.name}{SHADOW} in {options.models}")
    print(report(asyncio.run(read_comparisons(options.name, version))))


def _encoder() -> Encoder | None:
    try:
        return MiniLM.installed()
    except EncoderUnavailable as error:
        print(error, file=sys.stderr)
        return None


def _list(folder: Path) -> None:
    aliases = read_aliases(folder)
    for version in versions(folder):
        names = sorted(alias for alias, meant in aliases.items() if meant == version)
        print(f"{version}  {'called ' + ', '.join(names) if names else 'unused'}")
        _show(read_manifest(folder, version))


def _show(manifest: Manifest) -> None:
    data = ", ".join(f"{one.name} ({one.rows:,} rows)" for one in manifest.data)
    print(f"  {manifest.version}, {manifest.kind}, learned from {data}")
    for name, metrics in manifest.metrics.items():
        figures = ", ".join(f"{metric} {value:.4f}" for metric, value in metrics.items())
        print(f"  {name}: {figures}")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m ml", description="The classifiers' models.")
    parser.add_argument(
        "--models", type=Path, default=SHIPPED, metavar="DIR", help="where models are kept"
    )
    commands = parser.add_subparsers(dest="command", required=True)
    training = commands.add_parser("train", help="train a model and give it an alias")
    training.add_argument("name", choices=NAMES)
    training.add_argument("--data", type=Path, required=True, metavar="DIR", help="labeled sets")
    training.add_argument(
        "--licensed", action="store_true", help="only from sets that state a license"
    )
    training.add_argument(
        "--labels", type=Path, metavar="FILE", help="moderators' decisions, of `labels`"
    )
    training.add_argument(
        "--alias",
        help="NAME lets it go live at once; default: NAME-shadow, which runs it beside the live "
        "one, or NAME where there is none yet",
    )
    commands.add_parser("list", help="list the models that are kept")
    comparing = commands.add_parser(
        "compare", help="how NAME-shadow differs from NAME on the running service's posts"
    )
    comparing.add_argument("name", choices=TEXT_MODELS)
    promoting = commands.add_parser("promote", help="let a version that ran in shadow go live")
    promoting.add_argument("name", choices=NAMES)
    promoting.add_argument("version")
    promoting.add_argument(
        "--force", action="store_true", help="also where it was compared with nothing"
    )
    labels = commands.add_parser("labels", help="write moderators' decisions as labels")
    labels.add_argument("--out", type=Path, required=True, metavar="FILE")
    moving = commands.add_parser(
        "alias", help="let NAME or NAME-shadow mean another version of NAME, at once"
    )
    moving.add_argument("alias")
    moving.add_argument("version")
    return parser


if __name__ == "__main__":
    sys.exit(main())
