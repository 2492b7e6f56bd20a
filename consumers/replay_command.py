"""`python -m consumers replay-dlq`: the command around ``consumers.replaying``."""

import argparse
import sys
from collections.abc import Sequence
from secrets import token_hex
from typing import Final

from consumers.reading import Check
from consumers.registry import Consumer
from consumers.replaying import Replaying, Report, Wanted
from consumers.resources import Resources
from domain.errors import Unavailable
from domain.topics import TOPICS
from runtime.clock import SystemClock
from runtime.metrics import Metrics
from runtime.settings import Settings
from runtime.start import CannotStart
from stores.answering import NoAnswer
from stores.kafka_dead_letters import KafkaDeadLetters
from stores.kafka_topics import MissingTopics
from stores.redis_leases import RedisLeases
from stores.redis_log import RedisLog
from stores.redis_replays import RedisReplays

NAME: Final = "replay-dlq"
LEASE: Final = 60.0  # seconds; kept while it works


class AnotherReplay(CannotStart):
    def __init__(self) -> None:
        super().__init__("another replay is at work", "wait for its end, or a minute")


def wanted_of(arguments: Sequence[str]) -> Wanted:
    parser = argparse.ArgumentParser(
        prog=f"python -m consumers {NAME}",
        description="Put dead letters whose cause is mended back to their topics, each once, for "
        "the consumer that refused it. Can be stopped and started again.",
    )
    topics = [topic.name for topic in TOPICS if topic.event is not None]
    parser.add_argument("--dry-run", action="store_true", help="only tell what would be put back")
    parser.add_argument("--limit", type=_count, metavar="N", help="put back at most so many")
    parser.add_argument("--topic", choices=topics, metavar="T", help="only those of this topic")
    given = parser.parse_args(arguments)
    return Wanted(topic=given.topic, limit=given.limit, dry_run=given.dry_run)


async def replay(settings: Settings, declared: Sequence[Consumer], wanted: Wanted) -> None:
    """Replay and tell on standard output what came of it.

    Raises:
        CannotStart: an engine does not answer, or another replay is at work.

    """
    resources = await Resources.open(settings, SystemClock(), Metrics.create())
    leases, holder = RedisLeases(resources.redis), token_hex(8)

    async def tell(report: Report) -> None:
        await leases.take(NAME, holder, LEASE)
        if sys.stderr.isatty():
            sys.stderr.write(f"\r{report.put_back.total():,} put back")
            sys.stderr.flush()

    try:
        if not await leases.take(NAME, holder, LEASE):
            raise AnotherReplay
        epoch = await RedisLog(resources.redis).epoch()
        replaying = Replaying(
            KafkaDeadLetters(settings.kafka_bootstrap),
            RedisReplays(resources.redis, epoch),
            resources.writer,
            _checks(resources, declared),
            tell,
        )
        report = await replaying.run(wanted, resources.clock.now())
        sys.stdout.write(_summary(report, wanted))
        await leases.give_back(NAME, holder)
    except Unavailable as away:
        raise NoAnswer([away]) from None
    except MissingTopics as error:
        remedy = "create them, or let python -m consumers topics do it"
        raise CannotStart(str(error), remedy) from None
    finally:
        await resources.close()


def _checks(resources: Resources, declared: Sequence[Consumer]) -> dict[str, Check]:
    built = {consumer.name: consumer.build(resources).handler for consumer in declared}
    return {name: handler for name, handler in built.items() if handler is not None}


def _summary(report: Report, wanted: Wanted) -> str:
    would = "would be put back" if wanted.dry_run else "put back"
    columns = {
        would: report.put_back,
        "put back before": report.already,
        "still refused": report.refused,
        "without their bytes": report.empty,
    }
    lines = [
        f"{topic}: {', '.join(f'{count[topic]:,} {name}' for name, count in columns.items())}"
        for topic in sorted({topic for count in columns.values() for topic in count})
    ]
    return "\n".join(lines or ["no dead letters"]) + "\n"


def _count(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("a whole number from 1 on")
    return number
