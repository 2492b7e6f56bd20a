"""The moderators' queue, decisions, and why a post is or is not shown."""

import msgspec
import pytest

from domain.engagement import EngagementState
from domain.errors import MalformedCursor, NotAllowed, NotFound, NotSignedIn
from domain.events import Action, Decision
from domain.feed import CandidateSource
from domain.identifiers import Kind, encode_global_id
from domain.moderation import ReviewStatus, SafetyReason
from services.context import RequestContext
from services.inputs import (
    CaseClaim,
    Interaction,
    ModerationFilter,
    Report,
    Review,
    ReviewDecision,
    Target,
)
from services.moderation import LOOKED_AT
from services.outcomes import UserErrorCode
from services.views import ModerationCaseView
from tests.services.world import World, post_gid

ALL = ModerationFilter()


async def moderator(world: World) -> RequestContext:
    return await world.request("mod", roles=["moderator"])


async def fill(world: World) -> None:
    for name in ("a", "b", "c"):
        await world.post(name, rising=9.0)
        await world.judge(name, Decision.ESCALATE)
    await world.start()


async def test_only_moderators_see_the_queue(world: World) -> None:
    await fill(world)
    service = world.services.moderation
    with pytest.raises(NotSignedIn):
        await service.queue(await world.request(), first=5, after=None, filter=ALL)
    with pytest.raises(NotAllowed):
        await service.queue(await world.request("me"), first=5, after=None, filter=ALL)


async def test_the_queue_is_gone_through_page_by_page(world: World) -> None:
    await fill(world)
    service = world.services.moderation
    first = await service.queue(await moderator(world), first=2, after=None, filter=ALL)
    assert (len(first.items), first.total, first.has_next) == (2, 3, True)
    after = first.items[-1].cursor
    second = await service.queue(await moderator(world), first=2, after=after, filter=ALL)
    assert (len(second.items), second.has_next, second.has_previous) == (1, False, True)
    shown = [item.case.card.record.id for item in (*first.items, *second.items)]
    assert sorted(shown) == ["a", "b", "c"]
    other = ModerationFilter(reasons=(SafetyReason.REPORTED,))
    with pytest.raises(MalformedCursor):
        await service.queue(await moderator(world), first=2, after=after, filter=other)


async def test_a_decision_holds_at_once_and_is_on_record(world: World) -> None:
    await fill(world)
    service = world.services.moderation
    review = Review(post_gid("a"), ReviewDecision.REJECT, "spam", " sent twice ")
    outcome = await service.review(await moderator(world), review)
    assert outcome.value is not None
    assert outcome.value.status is ReviewStatus.REJECTED
    (event,) = outcome.value.history
    assert (event.actor, event.decision, event.reason, event.note) == (
        "mod",
        ReviewDecision.REJECT,
        "spam",
        "sent twice",
    )
    assert await world.services.nodes.get_many(await world.request(), [post_gid("a")]) == [None]
    (case,) = await world.services.nodes.get_many(
        await moderator(world), [encode_global_id(Kind.MODERATION_CASE, "a")]
    )
    assert isinstance(case, ModerationCaseView)


async def test_a_decision_needs_a_post_and_a_reason(world: World) -> None:
    await fill(world)
    service = world.services.moderation
    for review, code, path in (
        (Review(post_gid("z"), ReviewDecision.REJECT, "x"), UserErrorCode.NOT_FOUND, "postId"),
        (Review("broken", ReviewDecision.REJECT, "x"), UserErrorCode.NOT_FOUND, "postId"),
        (Review(post_gid("a"), ReviewDecision.REJECT, " "), UserErrorCode.INVALID_VALUE, "reason"),
        (
            Review(post_gid("a"), ReviewDecision.REJECT, "\0 \0"),
            UserErrorCode.INVALID_VALUE,
            "reason",
        ),
        (
            Review(post_gid("a"), ReviewDecision.REJECT, "x", "y" * 1_001),
            UserErrorCode.OUT_OF_RANGE,
            "note",
        ),
    ):
        (error,) = (await service.review(await moderator(world), review)).errors
        assert (error.code, error.path) == (code, ("input", path))


async def test_reports_bring_a_post_into_the_queue(world: World) -> None:
    await world.post("a")
    await world.start()
    await world.services.interactions.report(
        await world.request("me"), Report(post_gid("a"), SafetyReason.SPAM)
    )
    found = await world.services.moderation.queue(
        await moderator(world), first=5, after=None, filter=ALL
    )
    assert [item.case.card.record.id for item in found.items] == ["a"]


async def test_only_what_is_reacted_to_now_would_trend(world: World) -> None:
    for number in range(LOOKED_AT):
        await world.post(f"p{number}", rising=1_000.0 - number)
    await world.post("late", rising=3.0)  # in the pool, behind all that anybody comes to
    for name in ("held", "old"):
        await world.post(name, judged=False)
        await world.judge(name, Decision.ESCALATE)
        world.counters.packed[name] = msgspec.msgpack.encode(EngagementState(likes=9))  # long ago
    world.moderation.rising.add("held")
    await world.start()
    for name in ("p0", "late"):
        await world.services.interactions.report(
            await world.request("me"), Report(post_gid(name), SafetyReason.SPAM)
        )
    found = await world.services.moderation.queue(
        await moderator(world), first=9, after=None, filter=ALL
    )
    cases = {item.case.card.record.id: item.case.would_trend for item in found.items}
    assert cases == {"held": True, "old": False, "p0": True, "late": False}


async def test_why_not_tells_each_stage(world: World) -> None:
    await world.post("a", rising=9.0)
    await world.post("odd", judged=False)
    await world.judge("odd", Decision.REVIEW)
    await world.start()
    service = world.services.moderation
    view = await service.why_not(await moderator(world), post_gid("a"), "me")
    assert view.eligible
    assert view.verdict == "It may be shown now"
    await world.services.interactions.track(
        await world.request("me"),
        [Interaction(Target(post_global_id=post_gid("a")), Action.NOT_INTERESTED)],
    )
    view = await service.why_not(await moderator(world), post_gid("a"), "me")
    assert not view.eligible
    assert view.verdict == "The viewer hid it"
    assert [check.stage for check in view.checks if not check.passed] == [
        "hidden",
        "seen",
        "ranked",
        "slate",
    ]
    view = await service.why_not(await moderator(world), post_gid("odd"), None)
    assert [check.stage for check in view.checks if not check.passed] == [
        "status",
        "not_recommendable",
        "candidate",
        "ranked",
        "slate",
    ]
    with pytest.raises(NotFound):
        await service.why_not(await moderator(world), post_gid("nope"), None)


async def test_why_not_tells_where_a_post_stands(world: World) -> None:
    for number in range(40):
        await world.post(
            f"p{number:02}",
            author="one" if number < 3 else f"a{number}",
            category="music" if number < 12 else f"t{number}",
            rising=100.0 - number,
        )
    await world.start()
    service = world.services.moderation

    async def stages(post: str, viewer: str | None) -> dict[str, tuple[bool, str]]:
        view = await service.why_not(await moderator(world), post_gid(post), viewer)
        return {check.stage: (check.passed, check.detail) for check in view.checks[-3:]}

    context = await world.request(None)
    found = await world.services.explore.page(context, first=20, after=None, region=None)
    for place, item in enumerate(found.items):
        told = await stages(item.card.record.id, None)
        assert told["served"] == (True, "Not served within ten minutes")
        assert told["ranked"][0]
        assert told["ranked"][1].endswith(" of 40, within the 40 that a session begins with")
        if item.source is not CandidateSource.FRESH:
            assert told["slate"] == (True, f"Place {place + 1} by slots and quotas, on page 1")
    shown = {item.card.record.id for item in found.items}
    second = min({f"p{number:02}" for number in range(12)} - shown)
    assert "on page 2" in (await stages(second, None))["slate"][1]

    mine = await world.request("me")
    found = await world.services.explore.page(mine, first=20, after=None, region=None)
    await world.settle()
    (first, *_) = found.items
    assert (await stages(first.card.record.id, "me"))["served"] == (
        False,
        "Served within ten minutes: it comes back when nothing else is left",
    )


async def test_two_moderators_do_not_work_at_one_case(world: World) -> None:
    await fill(world)
    service = world.services.moderation
    other = await world.request("other", roles=["moderator"])
    claimed = await service.claim(await moderator(world), CaseClaim(post_gid("a")))
    assert claimed.value is not None
    assert claimed.value.claim is not None
    assert (claimed.value.claim.moderator, claimed.value.claim.is_mine) == ("mod", True)
    (refused,) = (await service.claim(other, CaseClaim(post_gid("a")))).errors
    review = Review(post_gid("a"), ReviewDecision.REJECT, "spam")
    (undecided,) = (await service.review(other, review)).errors
    assert refused == undecided
    assert (refused.code, refused.path) == (UserErrorCode.CONFLICT, ("input", "postId"))
    assert refused.message == "mod is working on it."
    page = await service.queue(other, first=3, after=None, filter=ALL)
    (claim,) = [item.case.claim for item in page.items if item.case.claim is not None]
    assert (claim.moderator, claim.is_mine) == ("mod", False)
    kept = await service.claim(other, CaseClaim(post_gid("a"), release=True))
    assert kept.value is not None
    assert kept.value.claim is not None  # nobody gives back what is another's
    given = await service.claim(await moderator(world), CaseClaim(post_gid("a"), release=True))
    assert given.value is not None
    assert given.value.claim is None
    assert (await service.review(other, review)).value is not None


async def test_only_moderators_claim_and_only_posts_that_are_there(world: World) -> None:
    await fill(world)
    service = world.services.moderation
    with pytest.raises(NotAllowed):
        await service.claim(await world.request("me"), CaseClaim(post_gid("a")))
    for name in (post_gid("z"), "broken"):
        (error,) = (await service.claim(await moderator(world), CaseClaim(name))).errors
        assert (error.code, error.path) == (UserErrorCode.NOT_FOUND, ("input", "postId"))
