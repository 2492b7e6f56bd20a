"""Our own stored operations on the real schema, on cards that are not what they say they are.

The compiled executor must answer what the reference does: data, messages and paths.
"""

import json
import random
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Final

import msgspec
import orjson
import pytest
import strawberry
from graphql import ExecutionResult, GraphQLError
from strawberry.types import ExecutionContext
from strawberry.types import ExecutionResult as StrawberryResult
from typing_extensions import override

from resolvers.root import create_schema
from server.document_source import DocumentSource
from server.executable_schema import ExecutableSchema, PreparedRequest
from server.plan_cache import PlanCache
from services.pages import CreatorCard, PostCard
from services.views import ModerationCaseItem
from tests.graphql.cards import case_view, feed_item, page, post_card, trending_item
from tests.graphql.scripted import Script, context, request_context

OPERATIONS: Final = Path(__file__).resolve().parents[2] / "operations"
CASES: Final = 500  # of each operation
JUNK: Final[tuple[object, ...]] = (
    None, 7, 2**40, float("nan"), 1.5, True, "text", "", b"bytes", ("t", "u"), (), object(),
    ValueError("boom"),
)  # fmt: skip


def explored(cards: list[PostCard]) -> dict[str, Any]:
    return {"explore.page": page(*(feed_item(card, place) for place, card in enumerate(cards)))}


def trending(cards: list[PostCard]) -> dict[str, Any]:
    items = [trending_item(card, place) for place, card in enumerate(cards, 1)]
    return {"trending.page": page(*items)}


def queued(cards: list[PostCard]) -> dict[str, Any]:
    items = [ModerationCaseItem(case_view(card), "cursor") for card in cards]
    return {"moderation.queue": page(*items, total=len(items))}


ANSWERS: Final[dict[str, Callable[[list[PostCard]], dict[str, Any]]]] = {
    "Explore": explored,
    "Trending": trending,
    "ModerationQueue": queued,
}


class Reference(strawberry.Schema):
    """Strawberry's own executor, without its log of each planted error."""

    @override
    def process_errors(
        self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None
    ) -> None:
        return


def corrupt(answers: dict[str, Any], rng: random.Random) -> None:
    """Put something wrong into one or a few places of the answer's items."""
    (answer,) = answers.values()
    for _ in range(rng.choice([0, 1, 1, 2, 3])):
        item = rng.choice(answer.items)
        card = item.case.card if isinstance(item, ModerationCaseItem) else item.card
        places: list[object] = [item, card, card.record, card.stats, card.creator]
        if isinstance(card.creator, CreatorCard):
            places.append(card.creator.record)
        place = rng.choice([one for one in places if isinstance(one, msgspec.Struct)])
        names = [name for name in place.__struct_fields__ if name not in ("card", "record")]
        msgspec.structs.force_setattr(place, rng.choice(names), rng.choice(JUNK))


def printed(result: ExecutionResult | StrawberryResult) -> str:
    errors = sorted(json.dumps(error.formatted, sort_keys=True) for error in result.errors or [])
    return json.dumps({"data": result.data, "errors": errors}, default=whole).split(" at 0x")[0]


def whole(value: object) -> object:
    return json.loads(orjson.dumps(value)) if isinstance(value, orjson.Fragment) else repr(value)


@pytest.mark.parametrize("splices", [False, True], ids=["completed", "spliced"])
@pytest.mark.parametrize("operation", ANSWERS)
async def test_corrupted_cards_are_answered_identically(operation: str, *, splices: bool) -> None:
    outcomes: list[str] = []

    plans = PlanCache(outcomes.append, splices=splices)
    compiled = create_schema(partial(ExecutableSchema, plans=plans))
    reference = create_schema(Reference)
    text = (OPERATIONS / f"{operation}.graphql").read_text()
    prepared = DocumentSource(compiled).prepare(text)
    with_errors = 0
    for seed in range(splices, CASES, 2):
        answers = ANSWERS[operation]([post_card(f"p{number}") for number in range(3)])
        corrupt(answers, random.Random(seed))
        asked = context(request_context("mo", "moderator"), Script(answers).use_cases())
        want = printed(await reference.execute(text, context_value=asked))
        request = PreparedRequest(document=prepared, variables={}, context=asked)
        got = printed(await compiled.run(request))
        assert got == want, seed
        with_errors += '"errors": []' not in want
    assert with_errors > CASES / 20
    assert {"plan", "deopt"} <= set(outcomes)
