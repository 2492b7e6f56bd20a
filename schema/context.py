"""What resolvers reach through `info.context`; the view makes one per request."""

from functools import cached_property

import strawberry

from loaders.base import Loader
from schema.use_cases import NodeCard, UseCases
from services.context import RequestContext
from services.pages import HashtagCard
from services.trending_watch import TrendingWatch


class Loaders:
    """One request's loaders, made when first asked for, inside the running loop."""

    def __init__(self, request: RequestContext, services: UseCases) -> None:
        self._request = request
        self._services = services

    @cached_property
    def node_by_id(self) -> Loader[str, NodeCard | None]:
        """Whatever a global id names, None where it is not there for this caller."""
        return Loader("node_by_id", lambda ids: self._services.nodes.get_many(self._request, ids))

    @cached_property
    def hashtag_by_name(self) -> Loader[str, HashtagCard]:
        return Loader(
            "hashtag_by_name", lambda names: self._services.hashtags.get_many(self._request, names)
        )


class Context:
    """Who asks (`request`), what can be done (`services`), what is read in batches (`loaders`).

    `trending_watch` is the process's.
    """

    def __init__(
        self, request: RequestContext, services: UseCases, trending_watch: TrendingWatch
    ) -> None:
        self.request = request
        self.services = services
        self.trending_watch = trending_watch
        self.loaders = Loaders(request, services)


Info = strawberry.Info[Context, None]
