"""Every root field asked as everyone, against real services; nothing is open by default."""

from collections.abc import AsyncGenerator
from typing import Any

import pytest
from graphql import GraphQLSchema, build_schema

from domain.errors import NotAllowed, NotSignedIn
from domain.events import Decision
from domain.identifiers import Kind, encode_global_id
from schema.authorization import DOCUMENT, ROOT_FIELDS, Access, Undeclared, matrix
from schema.use_cases import UseCases
from tests.graphql.scripted import built_schema, context
from tests.services.world import World, post_gid

ANONYMOUS, VIEWER, ANALYST, MODERATOR, ADMIN = CALLERS = (
    (None, ()),
    ("me", ()),
    ("ana", ("analyst",)),
    ("mo", ("moderator",)),
    ("root", ("admin", "analyst", "moderator")),
)
MAY = {
    Access.ANYONE: CALLERS,
    Access.SIGNED_IN: (VIEWER, ANALYST, MODERATOR, ADMIN),
    Access.MODERATOR: (MODERATOR, ADMIN),
    Access.ADMIN: (ADMIN,),
}
POST = post_gid("a")
CASE = encode_global_id(Kind.MODERATION_CASE, "a")
ARGUMENTS = {
    "Query.node": f'(id: "{POST}")',
    "Query.nodes": f'(ids: ["{POST}"])',
    "Query.category": '(slug: "music")',
    "Query.creator": '(handle: "ann")',
    "Query.hashtag": '(name: "music")',
    "Query.search": '(query: "music")',
    "Query.suggest": '(prefix: "mu")',
    "Query.whyNot": f'(postId: "{POST}")',
    "Mutation.trackInteraction": f'(input: {{target: {{postId: "{POST}"}}, action: LIKE}})',
    "Mutation.trackInteractions": "(input: {interactions: "
    f'[{{target: {{postId: "{POST}"}}, action: LIKE}}]}})',
    "Mutation.reportPost": f'(input: {{postId: "{POST}", reason: SPAM}})',
    "Mutation.setOnboardingCategories": '(input: {slugs: ["music"]})',
    "Mutation.updateInterest": '(input: {target: {category: "music"}, change: PIN})',
    "Mutation.resetInterests": "(input: {})",
    "Mutation.markNotInterested": f'(input: {{postId: "{POST}"}})',
    "Mutation.updateContentSettings": "(input: {showSensitive: true})",
    "Mutation.eraseMyData": '(input: {confirm: "ERASE"})',
    "Mutation.reviewPost": f'(input: {{postId: "{POST}", decision: APPROVE, reason: "fine"}})',
    "Mutation.claimCase": f'(input: {{postId: "{POST}", release: true}})',
    "Mutation.upsertCategory": '(input: {slug: "cities", name: "Cities"})',
}


@pytest.fixture
async def filled() -> AsyncGenerator[World]:
    world = World()
    await world.post("a", author="ann", category="music", rising=9.0)
    await world.start()
    yield world
    await world.settle()
    await world.background.close()


async def ask(
    world: World, document: str, caller: tuple[str | None, tuple[str, ...]]
) -> tuple[Any, list[Exception | None]]:
    viewer_id, roles = caller
    areas = {name: getattr(world.services, name) for name in UseCases.__dataclass_fields__}
    request = await world.request(viewer_id, roles=list(roles))
    result = await built_schema().execute(
        document, context_value=context(request, UseCases(**areas))
    )
    return result.data, [error.original_error for error in result.errors or []]


def the_schema() -> GraphQLSchema:
    return build_schema(built_schema().as_str())


def test_the_committed_matrix_is_the_schema_s() -> None:
    assert DOCUMENT.read_text() == matrix(the_schema()), (
        "the schema has changed: look at who may see what is new, then run "
        "`python -m schema.authorization` and commit docs/authorization.md"
    )


@pytest.mark.parametrize(
    "addition",
    ["extend type Query { secret: Int }", "type Secret { text: String }"],
)
def test_what_nobody_declared_fails(addition: str) -> None:
    text = built_schema().as_str()
    with pytest.raises(Undeclared, match=r"[sS]ecret: declare who may see or do it"):
        matrix(build_schema(f"{text}\n{addition}"))


@pytest.mark.parametrize("caller", CALLERS, ids=lambda caller: str(caller[0]))
@pytest.mark.parametrize(
    "field", [name for name in ROOT_FIELDS if not name.startswith("Subscription")]
)
async def test_a_root_field_is_for_those_declared(
    field: str, caller: tuple[str | None, tuple[str, ...]], filled: World
) -> None:
    root, name = field.split(".")
    operation = f"{root.lower()} {{ it: {name}{ARGUMENTS.get(field, '')} {{ __typename }} }}"
    data, errors = await ask(filled, operation, caller)
    if field == "Query.rateLimit":  # no limit was looked up for this request
        assert [str(error) for error in errors] == ["rate limit is unavailable"]
    elif caller in MAY[ROOT_FIELDS[field]]:
        assert errors == []
        assert data["it"] is not None or field in ("Query.viewer", "Query.hashtag")
    else:
        assert len(errors) == 1
        assert isinstance(errors[0], NotAllowed if caller[0] else NotSignedIn)


@pytest.mark.parametrize("caller", [*CALLERS, ("ann", ())], ids=lambda caller: str(caller[0]))
async def test_what_is_not_for_everyone_is_null_for_others(
    caller: tuple[str | None, tuple[str, ...]], filled: World
) -> None:
    await filled.judge("a", Decision.APPROVE)
    await filled.services.cache.poll()
    document = f"""{{
        case: node(id: "{CASE}") {{ ... on ModerationCase {{ scores {{ spam }} }} }}
        post: node(id: "{POST}") {{
            ... on Post {{ visibility {{ status }} viewerState {{ hasLiked }} }}
        }}
        viewer {{ settings {{ languages }} }}
        explore(first: 1) {{ edges {{ why {{ score {{ total }} }} }} }}
    }}"""
    data, errors = await ask(filled, document, caller)
    assert errors == []
    moderates = caller in (MODERATOR, ADMIN)
    assert (data["case"] is not None) == moderates
    assert (data["post"]["visibility"] is not None) == (moderates or caller[0] == "ann")
    assert (data["post"]["viewerState"] is not None) == (caller[0] is not None)
    assert (data["viewer"] is not None) == (caller[0] is not None)
    scored = [edge["why"]["score"] is not None for edge in data["explore"]["edges"]]
    assert set(scored) <= {caller in (ANALYST, ADMIN)}
