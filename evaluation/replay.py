"""``python -m evaluation replay REQUEST_ID``: a served response, made again from what is held."""

import argparse
import asyncio
import os
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

from domain.errors import Unavailable
from runtime.settings import Settings, load_settings
from runtime.start import CannotStart
from services.creator_cache import CreatorCache
from services.post_catalog import PostCatalog
from services.replaying import NothingToReplay, Replay, ReplayedPost, Replays
from stores.policy_file import enforce_policy
from stores.postgres_creators import PostgresCreators
from stores.postgres_pool import open_pool
from stores.postgres_posts import PostgresPosts
from stores.redis_client import open_redis
from stores.redis_counters import RedisCounters
from stores.redis_records import RedisCreatorRecords, RedisPostRecords
from stores.redis_viewers import RedisViewers

SECONDS: Final = 5.0  # for a call of a store
NEEDED: Final = ("EXPLORE_REDIS_URL", "EXPLORE_POSTGRES_DSN")
SAME, DIFFERENT = 0, 1  # exit statuses


def command(arguments: Sequence[str]) -> int:
    """Print the pages of a request as they come out now; the exit status tells if all are equal.

    Raises:
        CannotStart: a setting is missing, nothing is held of the request, or a store is away.

    """
    request_id: str = _parser().parse_args(arguments).request
    settings = load_settings(os.environ, needed=NEEDED)
    enforce_policy(settings.policy)
    replays = _found(request_id, settings)
    sys.stdout.write("\n\n".join(map(text, replays)) + "\n")
    same = all(each.same_order and each.same_scores for each in replays)
    return SAME if same else DIFFERENT


def _found(request_id: str, settings: Settings) -> Sequence[Replay]:
    try:
        return asyncio.run(_replay(request_id, settings))
    except NothingToReplay as reason:
        raise CannotStart(str(reason), "ask for the page again and replay that") from None
    except Unavailable as failure:
        problem = f"A store did not answer ({failure})"
        raise CannotStart(problem, f"look at {' and '.join(NEEDED)}") from None


async def _replay(request_id: str, settings: Settings) -> Sequence[Replay]:
    redis = open_redis(settings.redis_url, timeout=SECONDS)
    postgres = await open_pool(settings.postgres_dsn, timeout=SECONDS)
    try:
        posts, creators = PostgresPosts(postgres), PostgresCreators(postgres)
        catalog = PostCatalog(
            RedisPostRecords(redis, posts),
            RedisCounters(redis),
            CreatorCache(RedisCreatorRecords(redis, creators)),
        )
        return await Replays(RedisViewers(redis), catalog).of(request_id)
    finally:
        await postgres.close()
        await redis.close()


def text(replayed: Replay) -> str:
    """The page in lines, and whether it is what was served."""
    at = datetime.fromtimestamp(replayed.at, UTC).isoformat(timespec="milliseconds")
    head = f"{replayed.operation}, {replayed.recipe}, seed {replayed.seed:x}, {at}"
    return "\n".join([head, *map(_line, replayed.posts), *_verdict(replayed)])


def _line(post: ReplayedPost) -> str:
    account = post.account
    terms = " + ".join(
        f"{term.feature} {term.value:.6g} x {term.weight:g}"
        for term in account.terms
        if term.value
    )
    factors = "".join(f" x {one.stage} {one.factor:.6g}" for one in account.adjustments)
    named = f"{post.place:4} {post.post_id:24} {post.source.name:16}"
    return f"{named} {account.total!r:>22} = ({terms}){factors}"


def _verdict(replayed: Replay) -> list[str]:
    scores = "equal what was served to the last bit" if replayed.same_scores else "DIFFER"
    if replayed.same_order:
        return [f"Posts and order equal what was served; scores {scores}."]
    return [
        f"Posts or order DIFFER, for posts or viewer have changed; scores {scores}. Served were:",
        " ".join(replayed.served),
    ]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m evaluation replay",
        description="Make the pages of a served response again from what is held of it; "
        "configured by the environment (EXPLORE_...).",
        epilog="Exit status: 0 equal to what was served, 1 different, 2 nothing is held of it.",
    )
    parser.add_argument("request", help="`feed { requestId }` of the response, or X-Request-Id")
    return parser
