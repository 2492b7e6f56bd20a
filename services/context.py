"""Who asks, when, and what one round trip has read for them before the request is served."""

from dataclasses import dataclass, field

from domain.errors import NotAllowed, NotSignedIn
from domain.ports.viewers import ViewerReads

MODERATOR = "moderator"
ANALYST = "analyst"
ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class RequestContext:
    """``now`` is one moment for the whole request. Its deadline is in ``runtime.deadlines``.

    ``region`` is the one of the access token, if any; ``roles`` are already widened, so that an
    admin's hold ``moderator`` and ``analyst``.
    """

    viewer_id: str | None
    started: ViewerReads
    request_id: str
    now: float
    roles: frozenset[str] = field(default_factory=frozenset[str])
    region: str | None = None

    @property
    def may_moderate(self) -> bool:
        return MODERATOR in self.roles

    @property
    def may_see_scores(self) -> bool:
        return ANALYST in self.roles or ADMIN in self.roles

    def require_viewer(self) -> str:
        """The caller's id.

        Raises:
            NotSignedIn: the caller is anonymous.

        """
        if self.viewer_id is None:
            raise NotSignedIn("Sign in to do this.")
        return self.viewer_id

    def require_role(self, role: str) -> str:
        """The caller's id.

        Raises:
            NotSignedIn: the caller is anonymous.
            NotAllowed: the caller lacks the role.

        """
        viewer_id = self.require_viewer()
        if role not in self.roles:
            raise NotAllowed(f"This needs the role {role}.")
        return viewer_id
