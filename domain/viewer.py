"""What a viewer said: settings, statements about taste, recent actions.

The API writes it at once, so that it holds from the next request on.

What was learned about the viewer is in ``domain.interests`` and written by a consumer only.
"""

from enum import StrEnum

import msgspec

from domain.events import Action

MAX_RECENT_ACTIONS = 100
MAX_MUTED_KEYWORDS = 100
MAX_STATEMENTS = 200


class InterestState(StrEnum):
    LEARNED = "LEARNED"
    CHOSEN = "CHOSEN"
    PINNED = "PINNED"
    MUTED = "MUTED"


class TargetKind(StrEnum):
    POST = "post"
    CREATOR = "creator"
    CATEGORY = "category"
    HASHTAG = "hashtag"


class ContentSettings(msgspec.Struct, frozen=True, array_like=True):
    show_sensitive: bool = False
    languages: tuple[str, ...] = ()
    region: str | None = None
    muted_keywords: tuple[str, ...] = ()


class Statement(msgspec.Struct, frozen=True, array_like=True):
    """PINNED, MUTED or CHOSEN for good; LEARNED means "forget what was learned before ``at``"."""

    kind: TargetKind
    target: str
    state: InterestState
    at: float


class Hidden(msgspec.Struct, frozen=True, array_like=True):
    """Something the viewer is not interested in since ``at``; posts stay out for good."""

    kind: TargetKind
    target: str
    at: float


class RecentAction(msgspec.Struct, frozen=True, array_like=True):
    action: Action
    kind: TargetKind
    target: str
    at: float
    token: str = ""


class ViewerState(msgspec.Struct, frozen=True, array_like=True, kw_only=True):
    """``version`` grows with each write and guards against lost updates. Packed by position."""

    version: int = 0
    settings: ContentSettings = ContentSettings()
    statements: tuple[Statement, ...] = ()
    hidden: tuple[Hidden, ...] = ()
    recent: tuple[RecentAction, ...] = ()
    blocked: tuple[str, ...] = ()
    reset_at: float = 0.0
    erased_at: float = 0.0
