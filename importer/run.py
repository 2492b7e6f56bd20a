"""One import from beginning to end: survey, shift, deliver, wait."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from domain.events import Event
from domain.ports.event_publisher import EventPublisher
from importer.backlog import Backlog, ConsumersStandStill
from importer.delivery import Delivery, patiently
from importer.display import Display, duration
from importer.events import Storyteller
from importer.files import ImportFile, digest_of, find_files
from importer.progress import Progress, ProgressStore
from importer.reading import Report
from importer.survey import Survey, take_survey
from importer.timeline import Calendar, count_facts, facts
from runtime.clock import Clock
from runtime.start import CannotStart


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What the user asked for; `as_of` None: as before, or now.

    ``classify``: our classifiers judge the posts, not the source.
    """

    folder: Path
    as_of: float | None = None
    shift: bool = True
    rate: float | None = None
    classify: bool = False


class Import:
    """Runs one wish; what was told before is not told again."""

    def __init__(
        self,
        publisher: EventPublisher,
        progress: ProgressStore,
        backlog: Backlog,
        clock: Clock,
        display: Display,
    ) -> None:
        self._publisher = publisher
        self._progress = progress
        self._backlog = backlog
        self._clock = clock
        self._display = display
        self._bad_rows = 0
        self._events = 0

    async def run(self, wish: Wish, report: Report) -> bool:
        """Import; whether anything of the folder is in the store now.

        Raises:
            CannotStart: there is nothing to import, or it was begun with another shift.
            Unavailable: an engine was away for too long; what was told stays told.
            ConsumersStandStill: they do not keep up while there is more to tell.

        """
        files = find_files(wish.folder)
        digest = digest_of(files)
        began = self._clock.monotonic()
        progress = await self._begin(digest, wish)
        if progress.complete:
            self._display.say(f"{wish.folder} is imported already: nothing to do")
            return True
        survey = take_survey(files, self._counting(report))
        if not sum(of_file.rows for of_file in survey.files):
            self._display.say(f"nothing imported: {self._bad_rows:,} bad rows and no good one")
            return False
        teller = Storyteller(survey, digest, classify=wish.classify)
        await self._deliver(files, survey, teller, digest, progress, wish.rate)
        await self._wait()
        self._display.say(
            f"imported {count_facts(files, survey):,} facts as {self._events:,} events in "
            f"{duration(self._clock.monotonic() - began)}; "
            f"left out: {self._bad_rows:,} bad rows, "
            f"{teller.orphans:,} rows about posts that are not in the files"
        )
        return True

    async def _wait(self) -> None:
        """All is told and safe in Kafka; consumers that stand still now go on some other time."""
        try:
            await self._backlog.all_done()
        except ConsumersStandStill as standing:
            self._display.say(f"all is told, but {standing}")

    async def _begin(self, digest: str, wish: Wish) -> Progress:
        known = await patiently(lambda: self._progress.read(digest), self._clock)
        if known is None:
            as_of = wish.as_of if wish.as_of is not None else self._clock.now()
            return Progress(as_of if wish.shift else None)
        asked = wish.as_of if wish.shift else None
        if not known.complete and (not wish.shift or asked is not None) and asked != known.as_of:
            remedy = "leave --as-of and --no-shift out to go on with it"
            raise CannotStart(f"{wish.folder} was begun with another shift of time", remedy)
        return known

    async def _deliver(
        self,
        files: Sequence[ImportFile],
        survey: Survey,
        teller: Storyteller,
        digest: str,
        progress: Progress,
        rate: float | None,
    ) -> None:
        told = progress.told
        total = count_facts(files, survey) + len(survey.nameless)

        async def on_batch(facts: int, events: int) -> None:
            nonlocal told
            told += facts
            self._events += events
            await self._progress.write(
                digest, Progress(progress.as_of, told, complete=told >= total)
            )
            self._display.advance(told, total, self._events)

        delivery = Delivery(
            self._publisher,
            self._clock,
            rate=rate,
            room=self._backlog.room,
            on_batch=on_batch,
        )
        calendar = Calendar(progress.as_of, survey.newest)
        with self._display:
            self._display.advance(told, total, 0)
            await delivery.deliver(_untold(files, survey, teller, calendar, progress.told))

    def _counting(self, report: Report) -> Report:
        def count(path: Path, line: int, why: str) -> None:
            self._bad_rows += 1
            report(path, line, why)

        return count


def _untold(
    files: Sequence[ImportFile],
    survey: Survey,
    teller: Storyteller,
    calendar: Calendar,
    told: int,
) -> Iterator[Sequence[Event]]:
    """The events of each fact behind the first `told`; those are told to nobody, but told."""
    number = 0
    for event in teller.nameless():
        number += 1
        if number > told:
            yield (event,)
    for fact in facts(files, survey, calendar):
        number += 1
        events = teller.tell(fact)
        if number > told:
            yield events
