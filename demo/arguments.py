"""What may be said to `python -m demo`."""

import argparse
from pathlib import Path

from demo.engines.selection import Kind
from demo.rate import DEFAULT_RATE, events_a_second
from domain.identifiers import is_identifier, is_region
from server.caller import Role

DESCRIPTION = """\
Start the whole service on this machine: PostgreSQL, Valkey, a Kafka broker and OpenSearch from pip
packages, the API, the consumers, a world of posts and people who read them. It is ready when it
says so; Ctrl-C stops everything. What it made is there again at the next start.

Settings (EXPLORE_POSTGRES_DSN, EXPLORE_REDIS_URL, EXPLORE_KAFKA_BOOTSTRAP, EXPLORE_OPENSEARCH_URL)
replace the engines by yours, one by one or all together.
"""
EXAMPLES = """\
examples:
  python -m demo                         the demo world on port 8000, kept in .explore/
  python -m demo --port 8001 --ephemeral a second one, thrown away at its end
  python -m demo --data DIR              real data instead, kept in .explore/imports/
  python -m demo --rate 50               ten times as much going on
  eval "$(python -m demo env)"           use the running demo's engines in this shell
  python -m demo token --viewer me       an access token for 15 minutes

exit status: 0 stopped, 1 a process kept failing, 2 it could not start; standard error says why
"""


def command_line() -> argparse.ArgumentParser:
    style = argparse.RawDescriptionHelpFormatter
    port = argparse.ArgumentParser(add_help=False)
    port.add_argument(
        "--port",
        type=_port,
        default=argparse.SUPPRESS,  # it may stand before the command too
        metavar="N",
        help="of the running demo's API (not needed if only one runs)",
    )
    parser = argparse.ArgumentParser(
        "python -m demo",
        description=DESCRIPTION,
        epilog=EXAMPLES,
        parents=[_run_options()],
        formatter_class=style,
    )
    commands = parser.add_subparsers(dest="command", metavar="[env | token]")
    commands.add_parser("env", help="print the running demo's settings", parents=[port])
    token = commands.add_parser("token", help="print an access token", parents=[port])
    token.add_argument("--viewer", type=_viewer, required=True, metavar="ID")
    roles = [role.value for role in Role]
    token.add_argument("--role", action="append", choices=roles, default=[], help="repeatable")
    token.add_argument("--region", type=_region, metavar="XX", help="two capital letters")
    return parser


def _run_options() -> argparse.ArgumentParser:
    options = argparse.ArgumentParser(add_help=False)
    add = options.add_argument
    add("--data", type=_folder, metavar="DIR", help="import this data instead of the demo world")
    add("--port", type=_port, metavar="N", help="of the API (default: EXPLORE_HTTP_PORT or 8000)")
    place = options.add_mutually_exclusive_group()
    place.add_argument("--state", type=Path, metavar="DIR", help="keep everything there")
    place.add_argument("--ephemeral", action="store_true", help="free ports, and nothing is kept")
    people = options.add_mutually_exclusive_group()
    people.add_argument("--no-simulator", action="store_true", help="no simulated people")
    people.add_argument(
        "--rate",
        type=events_a_second,
        default=DEFAULT_RATE,
        metavar="N",
        help="what simulated people and services do a second (default: %(default)g)",
    )
    add(
        "--engines",
        choices=[kind.value for kind in Kind],
        default=Kind.EMBEDDED.value,
        metavar="embedded|real",
        help="real: Apache Kafka and OpenSearch, fetched by Maven (default: embedded)",
    )
    return options


def _folder(text: str) -> Path:
    return Path(text).expanduser()  # `make DATA=~/posts` leaves it to us


def _port(text: str) -> int:
    if text.isascii() and text.isdigit() and 0 < int(text[:6]) < 2**16:
        return int(text)
    raise argparse.ArgumentTypeError("a port is a number from 1 to 65535")


def _viewer(text: str) -> str:
    if is_identifier(text):
        return text
    raise argparse.ArgumentTypeError("an id has 1 to 64 characters of A-Z a-z 0-9 : _ . -")


def _region(text: str) -> str:
    if is_region(text):
        return text
    raise argparse.ArgumentTypeError("a region has two capital letters")
