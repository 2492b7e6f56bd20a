"""Who may see and do what, declared for every type and root field; nothing is open by default.

`python -m schema.authorization` writes the matrix of all types, fields and ways to them to
`docs/authorization.md`; a test holds the committed one against the schema, so that a new field is
seen by someone before it is served, and asks every root field as everyone.
"""

from collections import deque
from collections.abc import Iterator, Mapping
from enum import StrEnum
from importlib import import_module
from pathlib import Path
from typing import Final, cast

import strawberry
from graphql import (
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    build_schema,
    get_named_type,
)

DOCUMENT: Final = Path(__file__).resolve().parents[1] / "docs" / "authorization.md"
HEAD: Final = """# Who may see and do what

Written by `python -m schema.authorization` from `schema/authorization.py` and the schema. Roles
are checked by the services; an admin is a moderator and an analyst, too. What somebody may not see
is null, what they may not do is refused: `UNAUTHENTICATED` without a token, `FORBIDDEN` without
the role. Payloads of mutations are seen by those who may do them.

"""


class Access(StrEnum):
    ANYONE = "anyone"
    SIGNED_IN = "signed in"
    SELF = "the viewer alone"
    AUTHOR = "its author, moderators"
    ANALYST = "analysts"
    MODERATOR = "moderators"
    ADMIN = "admins"


class Undeclared(Exception):
    """A type or root field whose access nobody has declared, or one that is no more."""


def _all(**names: str) -> Mapping[str, Access]:
    return {name: Access[access] for access, given in names.items() for name in given.split()}


ROOT_FIELDS: Final = _all(
    ANYONE="Query.node Query.nodes Query.explore Query.trending Query.categories Query.category "
    "Query.creators Query.creator Query.hashtag Query.trendingHashtags Query.search Query.suggest "
    "Query.viewer Query.rateLimit Subscription.trendingUpdates",
    SIGNED_IN="Mutation.trackInteraction Mutation.trackInteractions Mutation.reportPost "
    "Mutation.setOnboardingCategories Mutation.updateInterest Mutation.resetInterests "
    "Mutation.markNotInterested Mutation.updateContentSettings Mutation.eraseMyData",
    MODERATOR="Query.moderationQueue Query.whyNot Mutation.reviewPost Mutation.claimCase",
    ADMIN="Mutation.upsertCategory",
)
TYPES: Final = _all(
    ANYONE="Category CategoryConnection CategoryEdge Creator CreatorConnection CreatorEdge "
    "ExploreConnection ExploreEdge FeedInfo Hashtag HashtagConnection HashtagEdge Interstitial "
    "Media PageInfo Post PostCategory PostConnection PostEdge PostStats RateLimit Reason "
    "SearchConnection SearchEdge Suggestion TrendingConnection TrendingEdge TrendingMove "
    "TrendingUpdate UserError Why",
    SIGNED_IN="MarkNotInterestedPayload ReportPostPayload TrackInteractionPayload "
    "TrackInteractionsPayload",
    SELF="ContentSettings ContentSettingsPayload CreatorInterest EraseMyDataPayload ErasedStore "
    "ErasureReceipt HashtagInterest Interests InterestsPayload PostViewerState TopicInterest "
    "Viewer",
    AUTHOR="PostVisibility",
    ANALYST="ScoreAdjustment ScoreExplanation ScoreTerm",
    MODERATOR="ClaimCasePayload ModerationCase ModerationCaseConnection ModerationCaseEdge "
    "ModerationClaim ModerationEvent ReviewPostPayload SafetyScores ViewerReport WhyNot "
    "WhyNotCheck",
    ADMIN="CategoryPayload",
)


def matrix(schema: GraphQLSchema) -> str:
    """The document.

    Raises:
        Undeclared: a type or root field is not declared, or is declared and not there.

    """
    roots = {kind.name: kind for kind in _roots(schema)}
    fields = {f"{root}.{name}" for root, kind in roots.items() for name in kind.fields}
    types = {
        name: kind
        for name, kind in schema.type_map.items()
        if isinstance(kind, GraphQLObjectType) and name not in roots and name[:2] != "__"
    }
    for declared, there in ((ROOT_FIELDS, fields), (TYPES, types.keys())):
        if odd := sorted(declared.keys() ^ there):
            raise Undeclared(f"{', '.join(odd)}: declare who may see or do it, or take it out")
    paths = _paths(schema)
    lines = ["## Root fields", "", "| field | who |", "|---|---|"]
    lines += [f"| `{field}` | {ROOT_FIELDS[field]} |" for field in sorted(fields)]
    lines += ["", "## Types", "", "| type | who | fields | a way there |", "|---|---|---|---|"]
    lines += [
        f"| `{name}` | {TYPES[name]} | {' '.join(types[name].fields)} | `{paths[name]}` |"
        for name in sorted(types)
    ]
    return HEAD + "\n".join(lines) + "\n"


def _roots(schema: GraphQLSchema) -> Iterator[GraphQLObjectType]:
    for kind in (schema.query_type, schema.mutation_type, schema.subscription_type):
        if kind is not None:
            yield kind


def _paths(schema: GraphQLSchema) -> dict[str, str]:
    """A shortest way from a root to each type."""
    paths: dict[str, str] = {}
    waiting = deque((kind, kind.name) for kind in _roots(schema))
    while waiting:
        kind, path = waiting.popleft()
        for name, field in kind.fields.items():
            found = cast("GraphQLNamedType", get_named_type(field.type))
            members: list[GraphQLObjectType] = []
            if isinstance(found, GraphQLObjectType):
                members = [found]
            elif isinstance(found, GraphQLInterfaceType | GraphQLUnionType):
                members = schema.get_possible_types(found)
            for member in members:
                if member.name not in paths:
                    paths[member.name] = f"{path}.{name}"
                    waiting.append((member, paths[member.name]))
    return paths


def main() -> None:
    schema: strawberry.Schema = import_module("resolvers.root").create_schema()
    DOCUMENT.write_text(matrix(build_schema(schema.as_str())))


if __name__ == "__main__":
    main()
