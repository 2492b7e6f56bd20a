"""`python -m migrations upgrade`."""

import argparse
import asyncio
import os

from migrations.files import read_migrations
from migrations.upgrade import upgrade
from runtime.settings import load_settings
from runtime.start import run_or_refuse


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m migrations",
        description="Bring the database of EXPLORE_POSTGRES_DSN to the newest version. "
        "May be run again at any time, also while the service runs; there is no way back.",
        epilog="Exit status: 0 done or nothing to do, 2 refused; the reason is on standard error.",
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    commands.add_parser("upgrade", help="apply the migrations that are missing, then the roles")
    parser.parse_args()
    dsn = load_settings(os.environ, needed=["EXPLORE_POSTGRES_DSN"]).postgres_dsn
    applied = asyncio.run(upgrade(dsn, read_migrations(), print))
    if not applied:
        print("nothing to apply")
    return 0


if __name__ == "__main__":
    run_or_refuse(main)
