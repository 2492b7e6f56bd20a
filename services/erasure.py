"""Erasing the caller: asked for here, done by a consumer."""

from domain.erasure import Erasure
from domain.interests import InterestProfile
from domain.ports.erasures import Erasures
from domain.ports.viewers import ViewerReads
from services.context import RequestContext


class ErasureService:
    def __init__(self, erasures: Erasures) -> None:
        self._erasures = erasures

    async def request(self, context: RequestContext) -> Erasure:
        """The receipt: of the erasure under way, or of the last one if nothing came since.

        Raises:
            NotSignedIn: the caller is anonymous.
            Unavailable: the request could not be kept.

        """
        viewer_id = context.require_viewer()
        if _is_unknown(context.started):
            latest = await self._erasures.latest(viewer_id)
            if latest is not None:
                return latest
        return await self._erasures.request(viewer_id, context.now)


def _is_unknown(reads: ViewerReads) -> bool:
    """Whether nothing is on record about the caller, as far as one round trip can see."""
    return not (
        reads.degraded
        or reads.state.version
        or reads.seen
        or reads.served
        or reads.profile != InterestProfile()
    )
