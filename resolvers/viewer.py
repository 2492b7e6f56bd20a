"""The caller: who it is, and what the request has cost."""

import strawberry

from domain.errors import Unavailable
from schema.context import Info
from schema.rate_limit import RateLimit
from schema.viewer import Viewer


@strawberry.type
class ViewerQueries:
    @strawberry.field(description="The signed-in caller; null for an anonymous one.")
    def viewer(self, info: Info) -> Viewer | None:
        viewer_id = info.context.request.viewer_id
        return None if viewer_id is None else Viewer(id=strawberry.ID(viewer_id))

    @strawberry.field(
        description="What this request has cost and what is left. Reading it is free."
    )
    def rate_limit(self, info: Info) -> RateLimit:
        request = info.context.request
        if request.started.allowance is None:
            raise Unavailable("rate limit")
        return RateLimit.of(request.started.allowance, request.now)
