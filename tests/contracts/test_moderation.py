"""The moderators' queue, decisions and reports."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace

import pytest

from domain.errors import Unavailable
from domain.events import Decision, Event, ModerationResult, seconds
from domain.moderation import ReviewStatus, SafetyReason
from domain.ports.moderation import (
    REPORTS_READ,
    Claim,
    ModerationCase,
    ModerationPage,
    Review,
    ViewerReport,
)
from tests.contracts.adapters import Adapters
from tests.contracts.events import NOON, ingestion, moderation

APPROVED = Review(NOON + 5, "mo", Decision.APPROVE, "it is fine", None)


@pytest.fixture
async def posts(adapters: Adapters) -> None:
    """p0 harmless; p1 to p3 uncertain, p3 the most; p4 escalated; p5 deleted."""
    await adapters.posts.ingest([ingestion(f"p{n}") for n in range(6)])
    await adapters.posts.moderate(
        [
            moderation("p0", spam_score=0.1),
            moderation("p1", spam_score=0.6),
            moderation("p2", spam_score=0.6, nsfw_score=0.1),
            moderation("p3", nsfw_score=0.75),
            moderation("p4", decision=Decision.ESCALATE, spam_score=0.0),
            moderation("p5", spam_score=0.6),
        ]
    )
    await adapters.posts.ingest([ingestion("p5", 1, deleted=True)])


async def queue(
    adapters: Adapters,
    *,
    statuses: Sequence[ReviewStatus] = (),
    reasons: Sequence[SafetyReason] = (),
    limit: int = 10,
    after: tuple[float, str] | None = None,
) -> ModerationPage:
    return await adapters.moderation.queue(
        statuses=statuses, reasons=reasons, limit=limit, after=after
    )


def ids(page: ModerationPage) -> list[str]:
    return [case.post.id for case in page.cases]


async def case_of(adapters: Adapters, post_id: str) -> ModerationCase:
    (case,) = await adapters.moderation.cases([post_id])
    assert case is not None
    return case


@pytest.mark.usefixtures("posts")
async def test_what_waits_for_a_person_most_urgent_first(adapters: Adapters) -> None:
    page = await queue(adapters)
    assert (ids(page), page.total) == (["p4", "p3", "p1", "p2"], 4)
    first = await queue(adapters, limit=3)
    assert (ids(first), first.total) == (["p4", "p3", "p1"], 4)
    last = first.cases[-1]
    rest = await queue(adapters, limit=3, after=(last.urgency, last.post.id))
    assert (ids(rest), rest.total) == (["p2"], 4)


@pytest.mark.usefixtures("posts")
async def test_filters_by_status_and_reason(adapters: Adapters) -> None:
    assert ids(await queue(adapters, statuses=[ReviewStatus.AUTO_APPROVED])) == ["p0"]
    assert ids(await queue(adapters, reasons=[SafetyReason.NSFW])) == ["p3"]
    both = [SafetyReason.NSFW, SafetyReason.SPAM]
    assert ids(await queue(adapters, reasons=both)) == ["p3", "p1", "p2"]
    assert ids(await queue(adapters, reasons=[SafetyReason.REPORTED])) == []


@pytest.mark.usefixtures("posts")
async def test_a_decision_holds_at_once_is_kept_and_becomes_one_event(adapters: Adapters) -> None:
    case = await adapters.moderation.decide("p3", APPROVED)
    assert isinstance(case, ModerationCase)
    assert case.post.decided_at == NOON + 5
    assert case.post.status is ReviewStatus.APPROVED
    assert case.post.recommendable
    assert case.history == (APPROVED,)
    assert ids(await queue(adapters)) == ["p4", "p1", "p2"]
    published: list[Event] = []

    async def publish(events: Sequence[Event]) -> None:
        published.extend(events)

    assert await adapters.outbox.relay(publish, limit=10) == 1
    assert await adapters.outbox.relay(publish, limit=10) == 0
    assert published == [
        ModerationResult(
            post_id="p3",
            decision=Decision.APPROVE,
            source="human:mo",
            timestamp=(NOON + 5) * 1_000,
        )
    ]
    revision = case.post.revision
    await adapters.posts.moderate(
        [moderation("p3", 5, source="human:mo", decision=Decision.APPROVE)]
    )
    assert (await case_of(adapters, "p3")).post.revision == revision


@pytest.mark.usefixtures("posts")
async def test_an_event_that_cannot_be_published_waits(adapters: Adapters) -> None:
    await adapters.moderation.decide("p3", APPROVED)
    await adapters.moderation.decide("p1", APPROVED)

    async def refuse(_events: Sequence[Event]) -> None:
        raise Unavailable("kafka")

    with pytest.raises(Unavailable, match="kafka"):
        await adapters.outbox.relay(refuse, limit=10)
    published: list[str] = []

    async def publish(events: Sequence[Event]) -> None:
        published.extend(event.post_id for event in events if isinstance(event, ModerationResult))

    assert await adapters.outbox.relay(publish, limit=1) == 1
    assert await adapters.outbox.relay(publish, limit=10) == 1
    assert published == ["p3", "p1"]


@pytest.mark.usefixtures("posts")
async def test_history_is_kept_in_order(adapters: Adapters) -> None:
    reject = Review(NOON + 6, "max", Decision.REJECT, "no", "seen twice")
    clear = Review(NOON + 7, "mo", Decision.CLEAR, None, None)
    for review in (APPROVED, reject, clear):
        await adapters.moderation.decide("p1", review)
    case = await case_of(adapters, "p1")
    assert case.history == (APPROVED, reject, clear)
    assert case.post.status is ReviewStatus.PENDING_REVIEW


async def test_nothing_is_decided_or_reported_about_unknown_posts(adapters: Adapters) -> None:
    assert await adapters.moderation.decide("p1", APPROVED) is None
    assert list(await adapters.moderation.cases(["p1"])) == [None]
    reported = await adapters.moderation.report(
        "p1", reporter="ann", reason=SafetyReason.SPAM, note=None, at=NOON
    )
    assert reported is None
    assert (await queue(adapters)).total == 0


@pytest.mark.usefixtures("posts")
async def test_reports_count_once_a_person_until_someone_decides(adapters: Adapters) -> None:
    async def report(reporter: str, at: float) -> bool | None:
        return await adapters.moderation.report(
            "p0", reporter=reporter, reason=SafetyReason.POLICY, note="a\0b", at=NOON + at
        )

    assert [await report("ann", 1), await report("ann", 2), await report("bob", 3)] == [
        True,
        False,
        True,
    ]
    case = await case_of(adapters, "p0")
    assert (case.reports, case.reasons) == (2, (SafetyReason.REPORTED,))
    assert case.urgency == pytest.approx(0.1 + 0.4)
    assert ids(await queue(adapters, reasons=[SafetyReason.REPORTED])) == ["p0"]
    assert ids(await queue(adapters)) == ["p4", "p3", "p1", "p2", "p0"]
    await adapters.moderation.decide("p0", APPROVED)
    assert (await case_of(adapters, "p0")).reports == 0
    assert await report("cyd", 6) is True
    assert (await case_of(adapters, "p0")).reports == 1


@pytest.mark.usefixtures("posts")
async def test_a_claim_keeps_others_from_deciding_until_it_ends(adapters: Adapters) -> None:
    moderation = adapters.moderation
    mine = Claim("mo", NOON + 300)
    assert await moderation.claim("p1", mine, now=NOON) == mine
    assert (await case_of(adapters, "p1")).claim == mine
    assert await moderation.claim("p1", Claim("max", NOON + 301), now=NOON + 1) == mine
    reject = Review(NOON + 299, "max", Decision.REJECT, "no", None)
    assert await moderation.decide("p1", reject) == mine
    assert (await case_of(adapters, "p1")).history == ()
    longer = Claim("mo", NOON + 400)
    assert await moderation.claim("p1", longer, now=NOON + 100) == longer
    theirs = Claim("max", NOON + 700)
    assert await moderation.claim("p1", theirs, now=NOON + 400) == theirs
    late = Review(NOON + 401, "mo", Decision.APPROVE, "it is fine", None)
    assert await moderation.decide("p1", late) == theirs


@pytest.mark.usefixtures("posts")
async def test_a_decision_ends_the_claim_and_so_does_giving_back(adapters: Adapters) -> None:
    moderation = adapters.moderation
    await moderation.claim("p1", Claim("mo", NOON + 300), now=NOON)
    await moderation.claim("p1", Claim("mo", NOON + 1), now=NOON + 1)
    reject = Review(NOON + 2, "max", Decision.REJECT, "no", None)
    assert isinstance(await moderation.decide("p1", reject), ModerationCase)
    await moderation.claim("p1", Claim("max", NOON + 300), now=NOON + 3)
    shadow = Review(NOON + 4, "max", Decision.SHADOW_BAN, "still", None)
    case = await moderation.decide("p1", shadow)
    assert isinstance(case, ModerationCase)
    assert (case.claim, case.history) == (None, (reject, shadow))


@pytest.mark.usefixtures("posts")
async def test_of_two_decisions_at_once_both_are_on_record_and_the_later_holds(
    adapters: Adapters,
) -> None:
    reject = Review(NOON + 6, "max", Decision.REJECT, "no", None)
    await asyncio.gather(  # noqa: TID251 - both at once is what is tested
        adapters.moderation.decide("p1", reject), adapters.moderation.decide("p1", APPROVED)
    )
    case = await case_of(adapters, "p1")
    assert case.post.status is ReviewStatus.REJECTED
    assert sorted(case.history, key=lambda review: review.at) == [APPROVED, reject]


@pytest.mark.usefixtures("posts")
async def test_nothing_is_decided_or_claimed_about_a_deleted_post(adapters: Adapters) -> None:
    moderation = adapters.moderation
    assert await moderation.decide("p5", APPROVED) is None
    assert await moderation.claim("p5", Claim("mo", NOON + 300), now=NOON) is None
    assert (await case_of(adapters, "p5")).history == ()


async def test_what_others_decide_is_on_record_once(adapters: Adapters) -> None:
    reject, clear = Decision.REJECT, Decision.CLEAR
    theirs = [
        moderation("p1", 1, source="human:max", decision=reject, spam_score=0.1),
        moderation("p1", 1, source="human:m\0ax", decision=reject),
        moderation("p1", 2, source="human:max", spam_score=0.2),  # decides nothing
        moderation("p1", 3, source="human:mo", decision=clear),
        moderation("p1", 2, source="human:late", decision=reject),  # never held
        moderation("p1", 9, decision=reject),  # a machine's
    ]
    await adapters.posts.moderate(theirs)
    await adapters.posts.ingest([ingestion("p1")])
    for _ in range(2):
        await adapters.posts.moderate(theirs)
    assert (await case_of(adapters, "p1")).history == (
        Review(NOON + 1, "max", reject, None, None),
        Review(NOON + 3, "mo", clear, None, None),
    )


@pytest.mark.usefixtures("posts")
async def test_our_own_decisions_that_come_back_are_not_on_record_twice(
    adapters: Adapters,
) -> None:
    precise = replace(APPROVED, at=NOON + 5.1234563)
    await adapters.moderation.decide("p1", precise)

    async def follow(events: Sequence[Event]) -> None:
        for event in events:
            assert isinstance(event, ModerationResult)
            at = seconds(event.timestamp) - NOON
            stored = moderation("p1", at, source=event.source, decision=event.decision)
            await adapters.posts.moderate([stored, stored])

    assert await adapters.outbox.relay(follow, limit=10) == 1
    assert [one.reason for one in (await case_of(adapters, "p1")).history] == ["it is fine"]


async def test_a_decision_taken_back_leaves_the_reports_it_had_settled(
    adapters: Adapters,
) -> None:
    await adapters.posts.ingest([ingestion("p1")])
    for at, reporter in ((1, "ann"), (2, "bob")):
        await adapters.moderation.report(
            "p1", reporter=reporter, reason=SafetyReason.SPAM, note=None, at=NOON + at
        )
    assert (await case_of(adapters, "p1")).reports == 2
    await adapters.moderation.decide("p1", APPROVED)
    assert (await case_of(adapters, "p1")).reports == 0
    await adapters.moderation.decide("p1", Review(NOON + 6, "mo", Decision.CLEAR, "oops", None))
    assert (await case_of(adapters, "p1")).reports == 2
    assert ids(await queue(adapters)) == ["p1"]
    await adapters.moderation.report(
        "p1", reporter="cyd", reason=SafetyReason.SPAM, note=None, at=NOON + 7
    )
    assert (await case_of(adapters, "p1")).reports == 3


@pytest.mark.usefixtures("posts")
async def test_moderators_read_why_viewers_reported_and_find_posts_by_it(
    adapters: Adapters,
) -> None:
    async def report(reporter: str, at: float, reason: SafetyReason, note: str | None) -> None:
        await adapters.moderation.report(
            "p0", reporter=reporter, reason=reason, note=note, at=NOON + at
        )

    await report("ann", 1, SafetyReason.SPAM, None)
    await report("bob", 2, SafetyReason.TOXICITY, "he in\0sults me")
    expected = (
        ViewerReport(NOON + 2, SafetyReason.TOXICITY, "he insults me"),
        ViewerReport(NOON + 1, SafetyReason.SPAM, None),
    )
    assert (await case_of(adapters, "p0")).reported == expected
    assert ids(await queue(adapters, reasons=[SafetyReason.TOXICITY])) == ["p0"]
    found = await queue(adapters, reasons=[SafetyReason.SPAM])
    assert (ids(found), found.total) == (["p1", "p2", "p0"], 3)
    await adapters.moderation.decide("p0", APPROVED)
    assert (await case_of(adapters, "p0")).reported == ()
    assert ids(await queue(adapters, reasons=[SafetyReason.TOXICITY])) == []
    for number in range(REPORTS_READ + 1):
        await report(f"r{number:02}", 6 + number, SafetyReason.SPAM, str(number))
    notes = [one.note for one in (await case_of(adapters, "p0")).reported]
    assert notes == [str(number) for number in range(REPORTS_READ, 0, -1)]
    assert ids(await queue(adapters, reasons=[SafetyReason.TOXICITY])) == []
