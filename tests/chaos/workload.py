"""What producers write: reactions, views, steps of counters, interactions, repeats, poison."""

from random import Random

from domain.events import Action, Attribution, EngagementType, EngagementUpdated, UserInteraction
from domain.topics import ENGAGEMENT_UPDATED
from stores.event_codec import EventCodec
from stores.kafka_batches import Outgoing

POSTS = [f"p{number}" for number in range(40)]
KNOWN = POSTS[:30]  # the others react to posts that never come
VIEWERS = [f"u{number}" for number in range(30)]
POISON = (b"", b"{", b"\xff\xfe", b'{"postId": 3}', b"null", b'{"postId":"p1","type":"LIKE"}')
INTERACTIONS = 0.05
POISONED = 0.01


class Workload:
    """A stream of records that a seed decides. Every event has an id: producers may repeat."""

    def __init__(self, seed: int, now: float) -> None:
        self._random = Random(seed)
        self._now = now - 3_600.0
        self._codec = EventCodec()
        self.poison: list[bytes] = []
        self.written = 0

    def chunk(self, size: int) -> list[Outgoing]:
        return [self._record() for _ in range(size)]

    def _record(self) -> Outgoing:
        self.written += 1
        random = self._random
        if random.random() < POISONED:
            # A number behind what is wrong anyway: each of them can be told from the others.
            value = random.choice(POISON) + b" %d" % self.written
            self.poison.append(value)
            return Outgoing(ENGAGEMENT_UPDATED.name, random.choice(POSTS).encode(), value)
        if random.random() < INTERACTIONS:
            return Outgoing(*self._codec.encode(self._interaction()))
        return Outgoing(*self._codec.encode(self._engagement()))

    def _engagement(self) -> EngagementUpdated:
        random = self._random
        person = random.choice([None, *VIEWERS])
        kinds = (EngagementType.VIEW, EngagementType.LIKE, *EngagementType)
        return EngagementUpdated(
            post_id=random.choice(POSTS),
            type=random.choice(kinds),
            delta=random.choice([1, 1, 1, -1]) if person else random.choice([1, 2, 700]),
            timestamp=self._time(),
            user_id=person,
            event_id=f"e{self.written}",
            region=random.choice([None, "US", "FR", "odd"]),
        )

    def _interaction(self) -> UserInteraction:
        random = self._random
        served = Attribution(
            request_id="r", position=1, surface="explore", served_at=self._now * 1_000
        )
        return UserInteraction(
            event_id=f"i{self.written}",
            user_id=random.choice(VIEWERS),
            action=random.choice([Action.VIEW, Action.LIKE, Action.UNLIKE, Action.SHARE]),
            timestamp=self._time(),
            post_id=random.choice(POSTS),
            attribution=random.choice([None, served]),
        )

    def _time(self) -> float:
        """Mostly in order; some come an hour late."""
        late = self._random.choice([0.0, 0.0, 0.0, 3_600.0])
        return round((self._now + self.written / 100 - late) * 1_000)
