"""`python -m consumers NAME|all` and `python -m consumers topics`."""

import argparse
import os
import socket
from collections.abc import Sequence

import uvloop

from consumers.process import run_consumers
from consumers.registry import checked
from consumers.topics import make_topics
from consumers.wiring import consumers
from runtime.logs import configure_logs
from runtime.settings import ENGINES, load_settings
from runtime.start import run_or_refuse
from runtime.tracing import configure_tracing

ALL = "all"
TOPICS = "topics"


def main() -> int:
    declared = checked(consumers())
    arguments = _parser(list(declared)).parse_args()
    settings = load_settings(os.environ, needed=ENGINES)
    configure_logs(settings.log_format, settings.log_level)
    name: str = arguments.name
    if name == TOPICS:
        uvloop.run(make_topics(settings))
        return 0
    wanted = list(declared.values()) if name == ALL else [declared[name]]
    stop_tracing = configure_tracing("explore-consumers", settings.otlp_endpoint)
    try:
        uvloop.run(run_consumers(settings, wanted, member=arguments.member, port=arguments.port))
    finally:
        stop_tracing()
    return 0


def _parser(names: Sequence[str]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m consumers",
        description="Work Kafka's events into the stores, configured by the environment "
        "(EXPLORE_...).",
        epilog="Exit status: 0 stopped as asked, 2 cannot start; the reason is on standard error.",
    )
    parser.add_argument(
        "name",
        choices=[*names, ALL, TOPICS],
        metavar="NAME",
        help=f"one of {', '.join(names)}; {ALL} for all of them in one process; "
        f"{TOPICS} to create the topics that are missing",
    )
    parser.add_argument(
        "--member",
        default=socket.gethostname(),
        metavar="ID",
        help="tells this process from others of the same consumer, and stays the same over "
        "restarts (default: the host's name)",
    )
    parser.add_argument(
        "--port", type=int, metavar="N", help="serve /livez and /metrics there (default: nowhere)"
    )
    return parser


if __name__ == "__main__":
    run_or_refuse(main)
