"""A start asks all engines at once, patiently but not for ever, and names every silent one."""

import pytest

from domain.errors import Unavailable
from runtime.start import CannotStart
from stores import answering
from stores.answering import NoAnswer, Question, silent_after


@pytest.fixture(autouse=True)
def _soon_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answering, "AGAIN", 0.0)


class Engine:
    """Refuses so many times before it answers."""

    def __init__(self, name: str, refusals: float) -> None:
        self.name = name
        self.refusals = refusals
        self.asked = 0

    async def ask(self) -> None:
        self.asked += 1
        if self.asked <= self.refusals:
            raise Unavailable(self.name, "Refused")

    @property
    def question(self) -> Question:
        return Question(self.name, self.ask)


async def test_an_engine_may_take_its_time() -> None:
    slow, quick = Engine("redis", 3), Engine("kafka", 0)
    assert await silent_after(5.0, [slow.question, quick.question]) == []
    assert (slow.asked, quick.asked) == (4, 1)


async def test_the_silent_ones_are_named_together() -> None:
    endless = float("inf")
    asked = [Engine("kafka", endless), Engine("redis", 0), Engine("postgresql", endless)]
    silent = await silent_after(0.05, [engine.question for engine in asked])
    assert str(NoAnswer(silent)) == (
        "Kafka (Refused) and PostgreSQL (Refused) do not answer: "
        "start them, or correct EXPLORE_KAFKA_BOOTSTRAP and EXPLORE_POSTGRES_DSN"
    )


def test_one_alone_and_many() -> None:
    one = Unavailable("opensearch")
    assert str(NoAnswer([one])) == (
        "OpenSearch does not answer: start it, or correct EXPLORE_OPENSEARCH_URL"
    )
    others = [Unavailable("redis", "too slow"), Unavailable("kafka")]
    assert str(NoAnswer([one, *others])).startswith(
        "OpenSearch, Redis (too slow) and Kafka do not"
    )


async def test_a_wrong_answer_ends_the_asking_at_once() -> None:
    async def wrong() -> None:
        raise CannotStart("the database is not migrated", "migrate it")

    asked = [Engine("redis", float("inf")).question, Question("postgresql", wrong)]
    with pytest.raises(CannotStart, match="the database is not migrated: migrate it"):
        await silent_after(600.0, asked)
