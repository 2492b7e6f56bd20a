"""`python -m consumers NAME|all`, and the commands `topics`, `replay-dlq` and `rebuild`."""

import argparse
import os
import socket
import sys
from collections.abc import Sequence

import uvloop

from consumers.process import run_consumers
from consumers.rebuild.command import NAME as REBUILD
from consumers.rebuild.command import parts_of, rebuild
from consumers.registry import checked
from consumers.replay_command import NAME as REPLAY
from consumers.replay_command import replay, wanted_of
from consumers.running import Options
from consumers.topics import make_topics
from consumers.wiring import consumers
from runtime.logs import configure_logs
from runtime.settings import ENGINES, Settings, load_settings
from runtime.tracing import configure_tracing
from stores.policy_file import enforce_policy

ALL = "all"
TOPICS = "topics"


def main() -> int:
    declared = checked(consumers())
    if sys.argv[1:2] == [REPLAY]:
        wanted = wanted_of(sys.argv[2:])
        settings = _configured()
        uvloop.run(replay(settings, list(declared.values()), wanted))
        return 0
    if sys.argv[1:2] == [REBUILD]:
        parts = parts_of(sys.argv[2:])
        uvloop.run(rebuild(_configured(), parts))
        return 0
    parser = _parser(list(declared))
    arguments = parser.parse_args()
    name: str = arguments.name
    if name in (REPLAY, REBUILD):
        parser.error(f"{name} comes first and has options of its own: {name} --help")
    settings = _configured()
    if name == TOPICS:
        uvloop.run(make_topics(settings))
        return 0
    chosen = list(declared.values()) if name == ALL else [declared[name]]
    options = Options(arguments.member, arguments.allow_dead_letters)
    stop_tracing = configure_tracing("explore-consumers", settings.otlp_endpoint)
    try:
        uvloop.run(run_consumers(settings, chosen, options, port=arguments.port))
    finally:
        stop_tracing()
    return 0


def _configured() -> Settings:
    settings = load_settings(os.environ, needed=ENGINES)
    enforce_policy(settings.policy)
    configure_logs(settings.log_format, settings.log_level)
    return settings


def _parser(names: Sequence[str]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m consumers",
        description="Work Kafka's events into the stores, configured by the environment "
        "(EXPLORE_...).",
        epilog="Exit status: 0 stopped as asked, 2 cannot start; the reason is on standard error.",
    )
    parser.add_argument(
        "name",
        choices=[*names, ALL, TOPICS, REPLAY, REBUILD],
        metavar="NAME",
        help=f"one of {', '.join(names)}; {ALL} for all of them in one process; "
        f"{TOPICS} to create the topics that are missing; {REPLAY} to put dead letters back; "
        f"{REBUILD} to make stores again",
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
    parser.add_argument(
        "--allow-dead-letters",
        type=int,
        default=0,
        metavar="N",
        help="let N records of each consumer become dead letters before its limits hold: for the "
        "start after a halt, when somebody has looked at them",
    )
    return parser
