"""The schema, put together from the areas' root fields."""

from collections.abc import Callable
from typing import TypeVar

import strawberry
from graphql import GraphQLInputObjectType, GraphQLObjectType, Undefined
from strawberry.schema.config import StrawberryConfig

from resolvers.directory import DirectoryQueries
from resolvers.feeds import FeedQueries
from resolvers.interactions import InteractionMutations
from resolvers.moderation import ModerationMutations, ModerationQueries
from resolvers.nodes import NodeQueries
from resolvers.preferences import PreferenceMutations
from resolvers.privacy import PrivacyMutations
from resolvers.search import SearchQueries
from resolvers.trending_updates import TrendingSubscriptions
from resolvers.viewer import ViewerQueries
from schema.categories import Category
from schema.creators import Creator
from schema.enums import register_enums
from schema.hashtags import Hashtag
from schema.moderation import ModerationCase
from schema.posts import Post
from schema.scalars import scalars

AnySchema = TypeVar("AnySchema", bound=strawberry.Schema)


@strawberry.type(description="What can be asked.")
class Query(
    NodeQueries, FeedQueries, DirectoryQueries, SearchQueries, ViewerQueries, ModerationQueries
):
    pass


@strawberry.type(description="What can be changed.")
class Mutation(InteractionMutations, PreferenceMutations, PrivacyMutations, ModerationMutations):
    pass


@strawberry.type(description="What can be followed as it changes.")
class Subscription(TrendingSubscriptions):
    pass


def create_schema(make: Callable[..., AnySchema] = strawberry.Schema) -> AnySchema:
    """The schema of the contract; its resolvers expect a `schema.context.Context`.

    ``make`` takes what `strawberry.Schema` takes, for a schema with extensions of its own.
    """
    register_enums()
    schema = make(
        query=Query,
        mutation=Mutation,
        subscription=Subscription,
        types=(Post, Creator, Category, Hashtag, ModerationCase),
        config=StrawberryConfig(scalar_map=dict(scalars()), disable_field_suggestions=True),
    )
    _leave_out_null_defaults(schema)
    return schema


def _leave_out_null_defaults(schema: strawberry.Schema) -> None:
    """Python needs ``= None`` for what may be left out; the contract has no ``= null``."""
    for concrete in schema.schema_converter.type_map.values():
        match concrete.implementation:
            case GraphQLInputObjectType() as named:
                inputs = list(named.fields.values())
            case GraphQLObjectType() as named:
                inputs = [argument for f in named.fields.values() for argument in f.args.values()]
            case _:
                inputs = []
        for given in inputs:
            if given.default_value is None:
                given.default_value = Undefined
