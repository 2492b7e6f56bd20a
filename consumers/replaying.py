"""Dead letters whose cause is mended go back to their topics, each once, for who refused it.

What was unreadable goes back to all readers of its topic.

Before a step it is written down what it will put back and where the logs end. A replay that was
cut off finds that, looks into the logs behind those ends for what is there already, and puts back
the rest.
"""

from collections import Counter
from collections.abc import AsyncIterable, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol

from consumers.batches import Place, Record
from consumers.reading import Check, read
from stores.event_codec import EventCodec
from stores.kafka_batches import Outgoing
from stores.kafka_dead_letters import ONLY_FOR, ORIGIN, Ends, Letter
from stores.redis_replays import Intent

STEP: Final = 200  # letters of one step


class Letters(Protocol):
    def letters(self) -> AsyncIterable[list[Letter]]: ...
    async def ends(self, topics: Sequence[str]) -> Ends: ...
    async def put_back_since(self, since: Ends) -> set[str]: ...


class Replays(Protocol):
    async def are_done(self, origins: Sequence[str]) -> Mapping[str, bool]: ...
    async def intent(self) -> Intent | None: ...
    async def begin(self, intent: Intent) -> None: ...
    async def finish(self, origins: Sequence[str]) -> None: ...


class Writer(Protocol):
    async def send(self, records: Sequence[Outgoing]) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """At most ``limit`` letters of one ``topic``, or of all; a dry run only tells."""

    topic: str | None = None
    limit: int | None = None
    dry_run: bool = False


@dataclass(slots=True)
class Report:
    """Letters by topic: put back now, put back before, still refused, without their bytes."""

    put_back: Counter[str] = field(default_factory=Counter[str])
    already: Counter[str] = field(default_factory=Counter[str])
    refused: Counter[str] = field(default_factory=Counter[str])
    empty: Counter[str] = field(default_factory=Counter[str])


class Replaying:
    """``checks`` are those of the consumers, by name; ``tell`` is awaited after each step."""

    def __init__(
        self,
        letters: Letters,
        replays: Replays,
        writer: Writer,
        checks: Mapping[str, Check],
        tell: Callable[[Report], Awaitable[None]],
    ) -> None:
        self._letters = letters
        self._replays = replays
        self._writer = writer
        self._checks = checks
        self._tell = tell
        self._codec = EventCodec()

    async def run(self, wanted: Wanted, now: float) -> Report:
        """Put back what is wanted and can be applied now."""
        report = Report()
        if not wanted.dry_run:
            await self._clear_up()
        left = wanted.limit
        waiting: dict[str, Letter] = {}
        async for letters in self._letters.letters():
            for letter in await self._usable(letters, wanted, report, now):
                waiting.setdefault(letter.origin, letter)
            while len(waiting) >= STEP and left != 0:
                left = await self._step(waiting, left, wanted, report)
            if left == 0:
                return report
        while waiting and left != 0:
            left = await self._step(waiting, left, wanted, report)
        return report

    async def _clear_up(self) -> None:
        """Learn what a replay that was cut off has put back."""
        intent = await self._replays.intent()
        if intent is None:
            return
        ends = await self._letters.ends(list(intent.since))
        since = {place: intent.since[place.topic].get(place.partition, 0) for place in ends}
        found = await self._letters.put_back_since(since)
        await self._replays.finish([origin for origin in intent.origins if origin in found])

    async def _usable(
        self, letters: Sequence[Letter], wanted: Wanted, report: Report, now: float
    ) -> list[Letter]:
        done = await self._replays.are_done([letter.origin for letter in letters])
        usable: list[Letter] = []
        for letter in letters:
            if wanted.topic is not None and letter.topic != wanted.topic:
                continue
            if done[letter.origin]:
                report.already[letter.topic] += 1
            elif letter.value is None:
                report.empty[letter.topic] += 1
            elif not self._can_be_applied(letter, now):
                report.refused[letter.topic] += 1
            else:
                usable.append(letter)
        return usable

    def _can_be_applied(self, letter: Letter, now: float) -> bool:
        check = self._checks.get(letter.consumer)
        place = Place(letter.topic, letter.partition)
        record = Record(place, letter.offset, 0, 0, 0, letter.key, letter.value)
        if check is None or not self._codec.knows(letter.topic):
            return False
        _, dead = read([record], self._codec, check, now)
        return not dead

    async def _step(
        self, waiting: dict[str, Letter], left: int | None, wanted: Wanted, report: Report
    ) -> int | None:
        """Put back the first ones that wait; how many more may be."""
        size = STEP if left is None else min(STEP, left)
        step = [waiting.pop(origin) for origin in list(waiting)[:size]]
        if not wanted.dry_run:
            await self._put_back(step)
        report.put_back.update(letter.topic for letter in step)
        await self._tell(report)
        return None if left is None else left - len(step)

    async def _put_back(self, letters: Sequence[Letter]) -> None:
        origins = [letter.origin for letter in letters]
        ends = await self._letters.ends(sorted({letter.topic for letter in letters}))
        since: dict[str, dict[int, int]] = {}
        for place, end in ends.items():
            since.setdefault(place.topic, {})[place.partition] = end
        await self._replays.begin(Intent(origins, since))
        await self._writer.send([_outgoing(letter) for letter in letters])
        await self._replays.finish(origins)


def _outgoing(letter: Letter) -> Outgoing:
    """With the time it was first written: some events have no other, and old ones undo nothing."""
    headers = [(ORIGIN, letter.origin.encode())]
    if letter.only_for is not None:
        headers.append((ONLY_FOR, letter.only_for.encode()))
    return Outgoing(letter.topic, letter.key, letter.value, headers, letter.timestamp)
