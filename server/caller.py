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
    """`viewer_id` is a bare id; None for an anonymous caller.

    `roles` are widened: an admin's hold the other two. `region` is where the viewer's account says
    it is; `expires_at` is when the proof ends, in epoch seconds.
    """

    viewer_id: str | None = None
    roles: frozenset[Role] = frozenset()
    region: str | None = None
    expires_at: float | None = None


ANONYMOUS: Final = Caller()


def widen(roles: frozenset[Role]) -> frozenset[Role]:
    return frozenset(Role) if Role.ADMIN in roles else roles
