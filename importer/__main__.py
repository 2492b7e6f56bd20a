"""`python -m importer DIR`: loads a folder of real posts into running stores."""

import argparse
import asyncio
import importlib.util
import os
import signal
import sys
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from domain.errors import Unavailable
from importer.backlog import Backlog, ConsumersStandStill
from importer.display import Display, PlainLines, report_bad_row
from importer.progress import RedisProgress
from importer.readers import READERS
from importer.run import Import, Wish
from importer.starting import require_engines
from runtime.clock import SystemClock
from runtime.logs import configure_logs
from runtime.settings import Settings, load_settings
from runtime.start import CannotStart, run_or_refuse
from stores.event_codec import EventCodec
from stores.kafka_backlog import KafkaBacklog
from stores.kafka_events import KafkaEvents, KafkaWriter
from stores.redis_client import open_redis

NEEDED: Final = ("EXPLORE_KAFKA_BOOTSTRAP", "EXPLORE_REDIS_URL")
KAFKA_SECONDS: Final = 30.0  # for a batch; nobody waits at a screen for it
REDIS_SECONDS: Final = 5.0
MOST_RATE: Final = 1_000_000.0


async def run(settings: Settings, wish: Wish) -> int:
    """Import with the engines of the settings; the exit status."""
    clock = SystemClock()
    async with AsyncExitStack() as stack:
        writer = KafkaWriter(settings.kafka_bootstrap, timeout=KAFKA_SECONDS, idempotent=False)
        stack.push_async_callback(writer.close)
        redis = open_redis(settings.redis_url, timeout=REDIS_SECONDS, connections=2)
        stack.push_async_callback(redis.close)
        kafka = KafkaBacklog(settings.kafka_bootstrap, READERS)
        stack.push_async_callback(kafka.close)
        await require_engines(settings.kafka_bootstrap, redis, clock)
        display = _display(clock)
        work = Import(
            KafkaEvents(writer, EventCodec()),
            RedisProgress(redis),
            Backlog(kafka.of_groups, clock, display.say),
            clock,
            display,
        )
        imported = await work.run(wish, report_bad_row)
    return 0 if imported else 1


def _display(clock: SystemClock) -> Display:
    if sys.stderr.isatty() and importlib.util.find_spec("rich"):
        from importer.bar import TerminalBar  # noqa: PLC0415 - only the demo installs rich

        return TerminalBar()
    return PlainLines(clock, sys.stderr)


def _wish(arguments: list[str]) -> Wish:
    parser = argparse.ArgumentParser(
        prog="python -m importer",
        description="Loads a folder of *.posts.jsonl.gz and what belongs to them through Kafka. "
        "It may be stopped and started again; importing the same files again changes nothing.",
    )
    parser.add_argument("folder", type=Path, metavar="DIR", help="the folder with the files")
    parser.add_argument(
        "--as-of",
        type=_time,
        metavar="TIME",
        help="where each source's newest fact shall lie, as 2026-11-22T12:00:00Z (default: now)",
    )
    parser.add_argument("--no-shift", action="store_true", help="keep the times as they are")
    parser.add_argument("--rate", type=float, metavar="N", help="at most N events a second")
    parser.add_argument(
        "--classify",
        action="store_true",
        help="leave the sources' own verdicts out and let our classifiers judge (about 100 posts "
        "a second)",
    )
    options = parser.parse_args(arguments)
    if options.rate is not None and not 0.0 < options.rate <= MOST_RATE:
        raise CannotStart(f"--rate {options.rate} is out of range", "use more than 0 or leave it")
    if options.no_shift and options.as_of is not None:
        raise CannotStart("--as-of and --no-shift contradict each other", "leave one out")
    return Wish(
        folder=options.folder,
        as_of=options.as_of,
        shift=not options.no_shift,
        rate=options.rate,
        classify=options.classify,
    )


def _time(text: str) -> float:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a time of RFC 3339") from None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


async def _stoppable(settings: Settings, wish: Wish) -> int:
    """Ends cleanly on SIGTERM; what was acknowledged stays told."""
    task = asyncio.ensure_future(run(settings, wish))
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    try:
        return await task
    except (Unavailable, ConsumersStandStill, asyncio.CancelledError) as end:
        sys.stderr.write(
            f"stopped ({str(end) or 'on request'}): the same command goes on from here\n"
        )
        return 1


def _main() -> int:
    wish = _wish(sys.argv[1:])
    settings = load_settings(os.environ, needed=NEEDED)
    configure_logs(settings.log_format, settings.log_level)
    return asyncio.run(_stoppable(settings, wish))


if __name__ == "__main__":
    run_or_refuse(_main)
