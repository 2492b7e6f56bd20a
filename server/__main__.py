"""`python -m server`, its stored `documents`, and the `audit` of moderators' decisions."""

import argparse
import asyncio
import os
from pathlib import Path

from domain.documents import ClientState
from resolvers.root import create_schema
from runtime.logs import configure_logs
from runtime.settings import ENGINES, NEEDED_IN_PRODUCTION, Settings, load_settings
from runtime.start import run_or_refuse
from runtime.tracing import configure_tracing
from server.audit import verify_audit
from server.commands import run_server
from server.document_commands import DocumentCommands
from server.document_source import DocumentSource
from server.executable_schema import ExecutableSchema
from server.resources import open_document_store, open_resources
from server.trusted_documents import TrustedDocuments
from stores.policy_file import enforce_policy


def main() -> int:
    arguments = _parser().parse_args()
    if arguments.command == "documents":
        settings = load_settings(os.environ, needed=["EXPLORE_POSTGRES_DSN"])
        print(asyncio.run(_documents(arguments, settings)))
        return 0
    if arguments.command == "audit":
        settings = load_settings(os.environ, needed=["EXPLORE_POSTGRES_DSN"])
        return asyncio.run(verify_audit(settings.postgres_dsn, arguments.head, print))
    settings = load_settings(os.environ, needed=(*ENGINES, *NEEDED_IN_PRODUCTION))
    enforce_policy(settings.policy)
    configure_logs(settings.log_format, settings.log_level)
    stop_tracing = configure_tracing("explore-server", settings.otlp_endpoint)
    try:
        run_server(settings, open_resources)
    finally:
        stop_tracing()
    return 0


async def _documents(arguments: argparse.Namespace, settings: Settings) -> str:
    trusted = TrustedDocuments(DocumentSource(create_schema(ExecutableSchema)))
    commands = DocumentCommands(trusted, lambda: open_document_store(settings))
    match arguments.action:
        case "add":
            return await commands.add(
                arguments.file, arguments.client, publish=not arguments.unpublished
            )
        case "publish":
            return await commands.set_state(arguments.client, ClientState.PUBLISHED)
        case "retire":
            return await commands.set_state(arguments.client, ClientState.RETIRED)
        case _:
            return await commands.list()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m server",
        description="Serve the GraphQL API, configured by the environment (EXPLORE_...).",
        epilog="Exit status: 0 stopped as asked, 2 cannot start; the reason is on standard error.",
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    _add_documents(commands.add_parser("documents", help="the stored operations"))
    audit = commands.add_parser("audit", help="the history of moderators' decisions")
    checks = audit.add_subparsers(required=True, metavar="ACTION")
    verify = checks.add_parser(
        "verify", help="name every row that is not as it was recorded; status 1 if there is one"
    )
    verify.add_argument(
        "--head", type=bytes.fromhex, metavar="HEX", help="the head that an earlier check printed"
    )
    return parser


def _add_documents(documents: argparse.ArgumentParser) -> None:
    actions = documents.add_subparsers(dest="action", required=True, metavar="ACTION")
    add = actions.add_parser(
        "add", help="store a manifest of Relay, GraphQL Code Generator or Apollo"
    )
    add.add_argument("file", type=Path, metavar="FILE")
    add.add_argument("--client", default="", metavar="NAME@VERSION", help="whose operations")
    add.add_argument(
        "--unpublished", action="store_true", help="do not serve them before `publish`"
    )
    actions.add_parser("list", help="the app versions, and whether theirs are served")
    for name, help_text in (
        ("publish", "serve the operations of an app version"),
        ("retire", "no longer serve those that no other published version uses"),
    ):
        actions.add_parser(name, help=help_text).add_argument("client", metavar="NAME@VERSION")


if __name__ == "__main__":
    run_or_refuse(main)
