"""All consumers, declared; ``python -m consumers NAME`` runs one of them, or all."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Final

from consumers.asked_stores import POSTGRESQL, REDIS
from consumers.batches import Fences, Handler
from consumers.pace import MAX_BATCH
from consumers.periodic import Periodic
from consumers.resources import Resources
from domain.topics import TOPICS, Topic
from runtime.start import CannotStart

GROUP_PREFIX: Final = "explore-"


@dataclass(frozen=True, slots=True)
class Built:
    """A consumer's working parts. ``handler`` is None where it works by the clock alone.

    It is given at most ``most`` records at a time, and rests after each batch while one of its
    ``stores`` is slow. ``finish`` is awaited when it drains, after the last batch. Where ``works``
    says no, the process is to be replaced.
    """

    handler: Handler | None
    fences: Fences | None = None
    most: int = MAX_BATCH
    stores: Collection[str] = (REDIS, POSTGRESQL)
    periodic: Sequence[Periodic] = ()
    finish: Periodic | None = None
    works: Callable[[], bool] = lambda: True


@dataclass(frozen=True, slots=True)
class Consumer:
    """``buries``: the topics whose unreadable records it makes dead letters; others skip those."""

    name: str
    topics: tuple[Topic, ...]
    build: Callable[[Resources], Built]
    buries: tuple[Topic, ...] = ()

    @property
    def group(self) -> str:
        return GROUP_PREFIX + self.name


class BadDeclaration(CannotStart):
    def __init__(self, name: str, problem: str) -> None:
        super().__init__(f"the consumer {name} {problem}", "mend consumers/wiring.py")


def checked(consumers: Sequence[Consumer]) -> dict[str, Consumer]:
    """The consumers by name.

    Raises:
        BadDeclaration: two have one name, one reads what is no topic of events, or not exactly one
            reader of a topic buries what is unreadable there.

    """
    by_name: dict[str, Consumer] = {}
    for consumer in consumers:
        if consumer.name in by_name or not consumer.name.isidentifier():
            raise BadDeclaration(consumer.name, "has a name that is taken or unusable")
        for topic in consumer.topics:
            if topic not in TOPICS or topic.event is None:
                raise BadDeclaration(consumer.name, f"reads {topic.name}, which carries no events")
        by_name[consumer.name] = consumer
    _check_burials(consumers)
    return by_name


def _check_burials(consumers: Sequence[Consumer]) -> None:
    burying: set[str] = set()
    for consumer in consumers:
        for topic in consumer.buries:
            if topic not in consumer.topics or topic.name in burying:
                raise BadDeclaration(consumer.name, f"may not bury what {topic.name} brings")
            burying.add(topic.name)
    for consumer in consumers:
        for topic in consumer.topics:
            if topic.name not in burying:
                raise BadDeclaration(
                    consumer.name, f"reads {topic.name}, whose dead nobody buries"
                )


def check_built(consumer: Consumer, built: Built) -> None:
    """Hold what was built against what was declared.

    Raises:
        BadDeclaration: it has topics without a handler, or fences a topic it does not read.

    """
    if bool(consumer.topics) != (built.handler is not None):
        raise BadDeclaration(consumer.name, "has topics without a handler, or the reverse")
    names = {topic.name for topic in consumer.topics}
    if built.fences is not None and built.fences.fenced_topic not in names:
        raise BadDeclaration(consumer.name, f"fences {built.fences.fenced_topic} unread")
    if built.handler is None and not built.periodic:
        raise BadDeclaration(consumer.name, "does nothing")
