"""Mutations: what reaches the use case, what the payload says, mistakes as data."""

from dataclasses import dataclass, field
from typing import Any

import pytest

from domain.erasure import Erasure
from domain.errors import NotSignedIn, Unavailable
from domain.events import Action, NotInterestedReason
from domain.moderation import SafetyReason
from domain.viewer import ContentSettings
from schema.scalars import print_instant
from services.inputs import (
    CaseClaim,
    CategoryChange,
    Interaction,
    InterestChange,
    NotInterested,
    Report,
    Review,
    ReviewDecision,
    SettingsChange,
    Target,
    Unset,
)
from services.outcomes import Outcome, Recorded, UserError, UserErrorCode
from services.views import InterestsView, ProfileMaturity
from tests.graphql.cards import CITIES, NOON, case_view, post_card
from tests.graphql.scripted import Call, execute

COLD = InterestsView(ProfileMaturity.COLD, (), (), (), None)
MISTAKE = UserError(UserErrorCode.NOT_FOUND, "There is no such post.", ("input", "postId"))
REFUSED: Outcome[Any] = Outcome(errors=(MISTAKE,))
MISTAKE_DATA = {"code": "NOT_FOUND", "message": MISTAKE.message, "path": ["input", "postId"]}
ERRORS = "userErrors { code message path } clientMutationId"


@dataclass(frozen=True)
class Case:
    """``value`` is what the payload's own field shows if all went well, ``nothing`` if not."""

    mutation: str
    given: dict[str, Any]
    use_case: str
    arguments: tuple[object, ...]
    selection: str
    good: Any
    bad: Any
    value: dict[str, Any]
    nothing: dict[str, Any] = field(default_factory=dict[str, Any])


def interests(mutation: str, given: dict[str, Any], use_case: str, *arguments: object) -> Case:
    return Case(
        mutation,
        given,
        use_case,
        arguments,
        "interests { maturity }",
        Outcome(COLD),
        REFUSED,
        {"interests": {"maturity": "COLD"}},
        {"interests": None},
    )


def settings(given: dict[str, Any], change: SettingsChange) -> Case:
    return Case(
        "updateContentSettings",
        given,
        "viewer.update_settings",
        (change,),
        "settings { region }",
        Outcome(ContentSettings(region="DE")),
        REFUSED,
        {"settings": {"region": "DE"}},
        {"settings": None},
    )


CASES = [
    Case(
        "trackInteraction",
        {
            "target": {"postId": "P"},
            "action": "VIEW",
            "durationMs": 900,
            "impressionToken": "t",
            "occurredAt": "2026-11-18T11:06:40Z",
        },
        "interactions.track",
        ([Interaction(Target(post_global_id="P"), Action.VIEW, 900, "t", NOON)],),
        "recorded",
        [Recorded(True)],
        [Recorded(False, (MISTAKE,))],
        {"recorded": True},
        {"recorded": False},
    ),
    Case(
        "trackInteraction",
        {"target": {"hashtag": "trams"}, "action": "HASHTAG_FOLLOW"},
        "interactions.track",
        ([Interaction(Target(hashtag="trams"), Action.HASHTAG_FOLLOW)],),
        "recorded",
        [Recorded(False)],
        [Recorded(False, (MISTAKE,))],
        {"recorded": False},
        {"recorded": False},
    ),
    Case(
        "reportPost",
        {"postId": "P", "reason": "SPAM", "note": "again"},
        "interactions.report",
        (Report("P", SafetyReason.SPAM, "again"),),
        "recorded",
        Recorded(True),
        Recorded(False, (MISTAKE,)),
        {"recorded": True},
        {"recorded": False},
    ),
    interests(
        "setOnboardingCategories", {"slugs": ["cities"]}, "viewer.set_onboarding", ["cities"]
    ),
    interests(
        "updateInterest",
        {"target": {"creatorId": "C"}, "change": "MUTE"},
        "viewer.update_interest",
        Target(creator_global_id="C"),
        InterestChange.MUTE,
    ),
    interests("resetInterests", {}, "viewer.reset"),
    Case(
        "markNotInterested",
        {"postId": "P"},
        "viewer.not_interested",
        (NotInterested("P", NotInterestedReason.POST, None),),
        "effects",
        Outcome(("Less of Ada",)),
        REFUSED,
        {"effects": ["Less of Ada"]},
        {"effects": []},
    ),
    Case(
        "markNotInterested",
        {"postId": "P", "because": "TOPIC", "impressionToken": "t"},
        "viewer.not_interested",
        (NotInterested("P", NotInterestedReason.TOPIC, "t"),),
        "effects",
        Outcome(()),
        REFUSED,
        {"effects": []},
        {"effects": []},
    ),
    settings({"languages": ["de", "en"]}, SettingsChange(languages=("de", "en"))),
    settings({"region": None, "showSensitive": True}, SettingsChange(True, None, None, None)),
    settings(
        {"region": "DE", "mutedKeywords": []},
        SettingsChange(region="DE", muted_keywords=()),
    ),
    settings({}, SettingsChange(region=Unset.UNSET)),
    Case(
        "reviewPost",
        {"postId": "P", "decision": "SHADOW_BAN", "reason": "spam ring"},
        "moderation.review",
        (Review("P", ReviewDecision.SHADOW_BAN, "spam ring"),),
        "case { wouldTrend }",
        Outcome(case_view(post_card())),
        REFUSED,
        {"case": {"wouldTrend": True}},
        {"case": None},
    ),
    Case(
        "claimCase",
        {"postId": "P"},
        "moderation.claim",
        (CaseClaim("P"),),
        "case { reports claim { moderator until isMine } }",
        Outcome(case_view(post_card())),
        REFUSED,
        {
            "case": {
                "reports": 2,
                "claim": {
                    "moderator": "mo",
                    "until": print_instant(NOON + 300.0),
                    "isMine": True,
                },
            }
        },
        {"case": None},
    ),
    Case(
        "upsertCategory",
        {"slug": "cities", "name": "Cities", "iconUrl": "https://i.example/c.svg"},
        "categories.upsert",
        (CategoryChange("cities", "Cities", icon_url="https://i.example/c.svg"),),
        "category { slug }",
        Outcome(CITIES),
        REFUSED,
        {"category": {"slug": "cities"}},
        {"category": None},
    ),
]
IDS = [f"{case.mutation}-{number}" for number, case in enumerate(CASES)]


def document(case: Case) -> str:
    name = case.mutation[0].upper() + case.mutation[1:]
    return (
        f"mutation ($input: {name}Input!) "
        f"{{ it: {case.mutation}(input: $input) {{ {case.selection} {ERRORS} }} }}"
    )


@pytest.mark.parametrize("case", CASES, ids=IDS)
async def test_a_mutation_hands_its_input_to_one_use_case(case: Case) -> None:
    variables = {"input": case.given | {"clientMutationId": "m1"}}
    answer = await execute(document(case), {case.use_case: case.good}, variables=variables)
    assert answer.errors == []
    assert answer.data == {"it": case.value | {"userErrors": [], "clientMutationId": "m1"}}
    assert answer.calls == [Call(case.use_case, case.arguments, {})]


@pytest.mark.parametrize("case", CASES, ids=IDS)
async def test_a_mistake_in_the_input_is_data(case: Case) -> None:
    answer = await execute(
        document(case), {case.use_case: case.bad}, variables={"input": case.given}
    )
    assert answer.errors == []
    assert answer.data == {
        "it": case.nothing | {"userErrors": [MISTAKE_DATA], "clientMutationId": None}
    }


async def test_a_store_that_is_away_is_an_error_and_no_payload() -> None:
    away = Unavailable("kafka")
    answer = await execute(
        'mutation { reportPost(input: {postId: "P", reason: SPAM}) { recorded } }',
        {"interactions.report": away},
    )
    assert answer.data is None
    assert answer.errors == [(["reportPost"], away)]


MANY = f"""mutation ($input: TrackInteractionsInput!) {{ trackInteractions(input: $input) {{
    results {{ recorded {ERRORS} }} {ERRORS} }} }}"""


def likes(count: int) -> dict[str, object]:
    like = {"target": {"postId": "P"}, "action": "LIKE"}
    interactions = [like | {"clientMutationId": f"m{number}"} for number in range(count)]
    return {"input": {"interactions": interactions}}


async def test_each_of_many_interactions_succeeds_or_fails_alone() -> None:
    answer = await execute(
        MANY,
        {"interactions.track": [Recorded(True), Recorded(False, (MISTAKE,))]},
        variables=likes(2),
        viewer_id="eve",
    )
    assert answer.data == {
        "trackInteractions": {
            "results": [
                {"recorded": True, "userErrors": [], "clientMutationId": "m0"},
                {"recorded": False, "userErrors": [MISTAKE_DATA], "clientMutationId": "m1"},
            ],
            "userErrors": [],
            "clientMutationId": None,
        }
    }
    like = Interaction(Target(post_global_id="P"), Action.LIKE)
    assert answer.calls == [Call("interactions.track", ([like, like],), {})]


@pytest.mark.parametrize("count", [0, 101])
async def test_none_or_too_many_interactions_are_refused_whole(count: int) -> None:
    answer = await execute(MANY, variables=likes(count), viewer_id="eve")
    assert answer.data["trackInteractions"] == {
        "results": [],
        "userErrors": [
            {
                "code": "OUT_OF_RANGE",
                "message": "Send 1 to 100 interactions at a time.",
                "path": ["input", "interactions"],
            }
        ],
        "clientMutationId": None,
    }
    assert answer.calls == []


async def test_many_interactions_need_a_viewer() -> None:
    answer = await execute(MANY, variables=likes(0))
    ((path, error),) = answer.errors
    assert answer.data is None
    assert path == ["trackInteractions"]
    assert isinstance(error, NotSignedIn)


ERASE = 'mutation { eraseMyData(input: {confirm: "%s"}) { receipt { id } userErrors { path } } }'


async def test_an_erasure_wants_the_literal_word() -> None:
    answer = await execute(ERASE % "erase", viewer_id="eve")
    assert answer.data == {
        "eraseMyData": {"receipt": None, "userErrors": [{"path": ["input", "confirm"]}]}
    }


async def test_an_erasure_answers_with_its_receipt() -> None:
    erasure = Erasure("e1", NOON, NOON + 17.5, {"redis": 4, "postgresql": 12})
    document = """mutation { eraseMyData(input: {confirm: "ERASE", clientMutationId: "m"}) {
        receipt { id requestedAt completedAt stores { store items } }
        userErrors { code } clientMutationId } }"""
    answer = await execute(document, {"erasure.request": erasure}, viewer_id="eve")
    assert answer.errors == []
    assert answer.data == {
        "eraseMyData": {
            "receipt": {
                "id": "e1",
                "requestedAt": print_instant(NOON),
                "completedAt": print_instant(NOON + 17.5),
                "stores": [
                    {"store": "postgresql", "items": 12},
                    {"store": "redis", "items": 4},
                ],
            },
            "userErrors": [],
            "clientMutationId": "m",
        }
    }


async def test_an_erasure_that_cannot_be_kept_is_never_answered_with_a_receipt() -> None:
    away = {"erasure.request": Unavailable("postgresql")}
    answer = await execute(ERASE % "ERASE", away, viewer_id="eve")
    ((path, error),) = answer.errors
    assert answer.data is None
    assert path == ["eraseMyData"]
    assert isinstance(error, Unavailable)


@pytest.mark.parametrize("scope", ["{}", '{region: "DE", category: "cities"}', "{region: null}"])
async def test_exactly_one_means_exactly_one(scope: str) -> None:
    answer = await execute(f"{{ trending(scope: {scope}) {{ nodes {{ id }} }} }}")
    assert answer.data is None
    assert len(answer.errors) >= 1
    assert answer.calls == []
