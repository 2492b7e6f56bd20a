"""What the caller did, as sets: what was learned, with the caller's latest actions on top.

The learned profile lags behind by the time an event takes; the caller's own state does not.
"""

from dataclasses import dataclass, field
from typing import Self

from domain.events import Action
from domain.identifiers import stable_key
from domain.ports.viewers import ViewerReads
from domain.viewer import RecentAction, TargetKind


@dataclass(frozen=True, slots=True)
class ViewerFacts:
    """``liked`` and ``saved`` hold stable keys of posts; ``viewed`` the latest ids only."""

    liked: set[int] = field(default_factory=set[int])
    saved: set[int] = field(default_factory=set[int])
    followed: set[str] = field(default_factory=set[str])
    followed_hashtags: set[str] = field(default_factory=set[str])
    viewed: set[str] = field(default_factory=set[str])

    @classmethod
    def of(cls, reads: ViewerReads) -> Self:
        profile = reads.profile
        facts = cls(
            liked=set(profile.liked),
            saved=set(profile.saved),
            followed=set(profile.followed),
            followed_hashtags=set(profile.followed_hashtags),
        )
        for action in reads.state.recent:  # oldest first
            facts._take(action)
        return facts

    def _take(self, recent: RecentAction) -> None:
        match recent.action:
            case Action.LIKE:
                self.liked.add(stable_key(recent.target))
            case Action.UNLIKE:
                self.liked.discard(stable_key(recent.target))
            case Action.SAVE:
                self.saved.add(stable_key(recent.target))
            case Action.UNSAVE:
                self.saved.discard(stable_key(recent.target))
            case _:
                self._take_other(recent)

    def _take_other(self, recent: RecentAction) -> None:
        match recent.action:
            case Action.FOLLOW:
                self.followed.add(recent.target)
            case Action.UNFOLLOW:
                self.followed.discard(recent.target)
            case Action.HASHTAG_FOLLOW:
                self.followed_hashtags.add(recent.target)
            case Action.HASHTAG_UNFOLLOW:
                self.followed_hashtags.discard(recent.target)
            case Action.VIEW | Action.DWELL if recent.kind is TargetKind.POST:
                self.viewed.add(recent.target)
            case _:
                pass
