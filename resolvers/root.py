"""The schema, put together from the areas' root fields."""

from collections.abc import Sequence
from typing import Any

import strawberry
from graphql import (
    GraphQLError,
    GraphQLInputObjectType,
    GraphQLObjectType,
    GraphQLSchema,
    Undefined,
)
from strawberry.extensions import SchemaExtension
from strawberry.schema.config import StrawberryConfig
from strawberry.types import ExecutionContext
from typing_extensions import override

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


class ExploreSchema(strawberry.Schema):
    @property
    def core(self) -> GraphQLSchema:
        """The schema as graphql-core knows it, for validation and cost."""
        return self._schema

    @override
    def process_errors(
        self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None
    ) -> None:
        """Nothing: the view logs what is ours to mend. Strawberry would log every mistake."""


def create_schema(
    *,
    extensions: Sequence[type[SchemaExtension]] = (),
    execution_context_class: type[Any] | None = None,
) -> ExploreSchema:
    """The schema of the contract; its resolvers expect a `schema.context.Context`."""
    register_enums()
    schema = ExploreSchema(
        query=Query,
        mutation=Mutation,
        subscription=Subscription,
        types=(Post, Creator, Category, Hashtag, ModerationCase),
        extensions=extensions,
        execution_context_class=execution_context_class,
        config=StrawberryConfig(scalar_map=dict(scalars()), disable_field_suggestions=True),
    )
    _leave_out_null_defaults(schema.core)
    return schema


def _leave_out_null_defaults(schema: GraphQLSchema) -> None:
    """Python needs ``= None`` for what may be left out; the contract has no ``= null``."""
    for named in schema.type_map.values():
        match named:
            case GraphQLInputObjectType():
                inputs = list(named.fields.values())
            case GraphQLObjectType():
                inputs = [argument for f in named.fields.values() for argument in f.args.values()]
            case _:
                inputs = []
        for given in inputs:
            if given.default_value is None:
                given.default_value = Undefined
