"""`python -m demo.simulator`: keeps a running demo alive until it is stopped."""

import argparse
import asyncio
import os
import random
import signal
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Final

import aiohttp
import structlog

from demo import running
from demo.addresses import in_url, reachable
from demo.rate import DEFAULT_RATE, events_a_second
from demo.simulation.client import AskedToWait, ExploreClient, Refused
from demo.simulation.known_posts import KnownPosts
from demo.simulation.tokens import Tokens
from demo.simulation.upstream import Upstream
from demo.simulation.visitors import Visitors
from demo.world.dice import dice
from demo.world.world import make_world
from domain.errors import Unavailable
from domain.events import Event
from runtime.clock import Clock, SystemClock
from runtime.logs import configure_logs
from runtime.settings import Settings, load_settings
from runtime.start import run_or_refuse
from stores.event_codec import EventCodec
from stores.kafka_events import KafkaEvents, KafkaWriter

POSTS_SHARE: Final = 0.02
REACTIONS_SHARE: Final = 0.68
VISITS_SHARE: Final = 0.01  # each visit makes some thirty interactions
KAFKA_SECONDS: Final = 5.0
FIRST_PAUSE: Final = 1.0  # seconds after a failure; doubles
LONGEST_PAUSE: Final = 15.0

log: structlog.typing.FilteringBoundLogger = structlog.get_logger()


async def simulate(settings: Settings, rate: float, clock: Clock, *, posts: bool) -> None:
    """Post, react and visit at `rate` events a second in all, until cancelled."""
    world = make_world()
    known = KnownPosts()
    draw = dice("simulator", clock.now())
    upstream = Upstream(world, known, draw)
    async with AsyncExitStack() as stack:
        writer = KafkaWriter(settings.kafka_bootstrap, timeout=KAFKA_SECONDS, idempotent=False)
        stack.push_async_callback(writer.close)
        events = KafkaEvents(writer, EventCodec())
        session = await stack.enter_async_context(aiohttp.ClientSession())
        key = running.find(settings.http_port).signing_key
        async with asyncio.TaskGroup() as tasks:
            if posts:
                make = _publishing(events, upstream.post, clock)
                tasks.create_task(_keep(make, rate * POSTS_SHARE, draw))
            react = _publishing(events, upstream.reaction, clock)
            tasks.create_task(_keep(react, rate * REACTIONS_SHARE, draw))
            if key is None:
                log.warning("simulator.without_visitors", reason="EXPLORE_JWKS is not the demo's")
                return
            issuer, audience = settings.jwt_issuer, settings.jwt_audience
            tokens = Tokens(Path(key), list(world.viewers), issuer, audience, clock)
            host = in_url(reachable(settings.http_host))
            url = f"http://{host}:{settings.http_port}/graphql"
            client = ExploreClient(session, url, tokens.of)
            visitors = Visitors(client, world.viewers, known, draw)
            tasks.create_task(_keep(visitors.visit, rate * VISITS_SHARE, draw))


def _publishing(
    events: KafkaEvents, make: Callable[[float], Sequence[Event]], clock: Clock
) -> Callable[[], Awaitable[None]]:
    async def publish() -> None:
        await events.publish(make(clock.now()))

    return publish


async def _keep(act: Callable[[], Awaitable[None]], rate: float, draw: random.Random) -> None:
    """Act at once and `rate` times a second on average; longer apart after failures."""
    pause = FIRST_PAUSE
    while True:
        try:
            await act()
        except AskedToWait as asked:
            await asyncio.sleep(min(asked.seconds, LONGEST_PAUSE))
        except (Unavailable, Refused) as failure:
            log.warning("simulator.waited", reason=str(failure), seconds=pause)
            await asyncio.sleep(pause * draw.uniform(0.8, 1.2))
            pause = min(2 * pause, LONGEST_PAUSE)
        else:
            pause = FIRST_PAUSE
        await asyncio.sleep(draw.expovariate(rate))


async def _until_stopped(work: Awaitable[None]) -> None:
    task = asyncio.ensure_future(work)
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, task.cancel)
    try:
        await task
    except asyncio.CancelledError:
        log.info("simulator.stopped")


def _main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m demo.simulator",
        description="Behaves like the services and people around a running demo.",
    )
    parser.add_argument(
        "--rate",
        type=events_a_second,
        default=DEFAULT_RATE,
        help="events a second (default: %(default)g)",
    )
    parser.add_argument("--no-posts", action="store_true", help="react and visit, post nothing")
    options = parser.parse_args()
    settings = load_settings(os.environ, needed=("EXPLORE_KAFKA_BOOTSTRAP",))
    configure_logs(settings.log_format, settings.log_level)
    simulation = simulate(settings, options.rate, SystemClock(), posts=not options.no_posts)
    asyncio.run(_until_stopped(simulation))


if __name__ == "__main__":
    run_or_refuse(_main)
