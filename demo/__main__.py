"""`python -m demo`: the whole product on this machine, and two questions to one that runs."""

import argparse
import asyncio
import os
import shlex
import sys
from collections.abc import Sequence
from pathlib import Path

from demo.addresses import in_url, reachable
from demo.arguments import command_line
from demo.engines.selection import Kind
from demo.failures import ChildFailure, SaidItself
from demo.options import Options
from demo.processes import product
from demo.progress import Progress
from demo.run import Product, run
from demo.running import Running, find
from runtime.clock import SystemClock
from runtime.start import STATUS, CannotStart, run_or_refuse
from server.token_signing import Claims, sign


def main(arguments: Sequence[str], processes: Product = product) -> int:
    """Do what the arguments say; `processes` are those of the product. Returns the status."""
    options = command_line().parse_args(arguments)
    if options.command == "env":
        return _print_settings(options.port)
    if options.command == "token":
        return _print_token(options.port, Claims(options.viewer, options.role, options.region))
    return _run(options, processes)


def _run(options: argparse.Namespace, processes: Product) -> int:
    progress = Progress()

    def tell(running: Running, state: Path) -> None:
        progress.print("\n".join(_ready_lines(running, state)))

    try:
        asyncio.run(run(_options(options), os.environ, processes, progress.report, tell))
    except SaidItself:
        return STATUS
    except ChildFailure as failure:
        sys.stderr.write(f"{failure}\n")
        return 1
    return 0


def _options(given: argparse.Namespace) -> Options:
    return Options(
        data=given.data,
        port=given.port,
        state=given.state,
        ephemeral=given.ephemeral,
        simulator=not given.no_simulator,
        rate=given.rate,
        engines=Kind(given.engines),
    )


def _ready_lines(running: Running, state: Path) -> list[str]:
    at = f"http://{in_url(reachable(running.settings['EXPLORE_HTTP_HOST']))}:{running.port}"
    reader = _signed_in(running, Claims("me"))
    moderator = _signed_in(running, Claims("mo", ("moderator",)))
    return [
        f"explore is ready on {at}",
        f"  page      {at}/{reader}",
        f"  GraphQL   {at}/graphql{reader}",
        f"  schema    {at}/schema.graphql",
        f"  review    {at}/admin/moderation{moderator}",
        f"  token     python -m demo token --port {running.port} --viewer me",
        f'  settings  eval "$(python -m demo env --port {running.port})"',
        f"  logs      {state / 'logs'}",
    ]


def _signed_in(running: Running, claims: Claims) -> str:
    """Signs somebody in by the link's fragment, which browsers keep to themselves."""
    if running.signing_key is None:
        return ""
    return "#token=" + _token(running, running.signing_key, claims)


def _print_settings(port: int | None) -> int:
    for name, value in sorted(find(port).settings.items()):
        print(f"export {name}={shlex.quote(value)}")
    return 0


def _print_token(port: int | None, claims: Claims) -> int:
    running = find(port)
    if running.signing_key is None:
        raise CannotStart(
            "this demo checks tokens with the keys of EXPLORE_JWKS", "get one from their owner"
        )
    print(_token(running, running.signing_key, claims))
    return 0


def _token(running: Running, key: str, claims: Claims) -> str:
    settings = running.settings
    issuer, audience = settings["EXPLORE_JWT_ISSUER"], settings["EXPLORE_JWT_AUDIENCE"]
    return sign(Path(key), claims, issuer=issuer, audience=audience, now=SystemClock().now())


if __name__ == "__main__":
    run_or_refuse(lambda: main(sys.argv[1:]))
