"""Who makes a request: a viewer with roles, or nobody known."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Role(StrEnum):
    MODERATOR = "moderator"
    ANALYST = "analyst"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class Caller:
    """``viewer_id`` is a bare id; None for an anonymous caller.

    ``region`` is where the viewer's account says it is; ``expires_at`` is when the proof ends.
    """

    viewer_id: str | None = None
    roles: frozenset[Role] = frozenset()
    region: str | None = None
    expires_at: float | None = None

    @property
    def is_admin(self) -> bool:
        return Role.ADMIN in self.roles

    @property
    def is_moderator(self) -> bool:
        return self.is_admin or Role.MODERATOR in self.roles

    @property
    def is_analyst(self) -> bool:
        return self.is_admin or Role.ANALYST in self.roles


ANONYMOUS: Final = Caller()
