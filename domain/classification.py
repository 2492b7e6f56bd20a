"""What classifiers are asked and what they answer; they themselves are in ``ml``.

No answer is None and never 0: a model that is missing or cannot judge says nothing, and what no
classifier has judged is not recommended.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from domain.moderation import SafetyScores
from domain.posts import PostCategory


@dataclass(frozen=True, slots=True)
class RecentPosts:
    """How an account posted of late: at most its last 50 posts, over ``span`` seconds.

    ``repeats`` have the text of another of them, ``links`` contain one.
    """

    count: int
    span: float
    repeats: int
    links: int


@dataclass(frozen=True, slots=True)
class AccountFacts:
    """What is known of an account, None where it is not; ``age`` is in seconds."""

    handle: str | None = None
    age: float | None = None
    followers: int | None = None
    following: int | None = None
    posts: int | None = None
    biography_length: int | None = None
    has_avatar: bool | None = None
    is_private: bool | None = None
    recent: RecentPosts | None = None


@dataclass(frozen=True, slots=True)
class Material:
    """What of a post is classified; texts may be empty or long, classifiers bound them."""

    title: str | None = None
    text: str = ""
    hashtags: Sequence[str] = ()
    account: AccountFacts | None = None

    @property
    def words(self) -> str:
        """Title, text and hashtags as one."""
        tags = " ".join(f"#{tag}" for tag in self.hashtags)
        return "\n".join(part for part in (self.title, self.text, tags) if part)


@dataclass(frozen=True, slots=True)
class Classification:
    """``categories`` best first; empty says "none of them", None says nothing.

    ``models`` names the version behind each answer, by the score's name.
    """

    scores: SafetyScores
    categories: tuple[PostCategory, ...] | None = None
    models: Mapping[str, str] = field(default_factory=dict[str, str])


class PostClassifier(Protocol):
    """Synchronous and bound to the CPU: a consumer calls it in a thread, under a deadline."""

    def classify(self, batch: Sequence[Material]) -> Sequence[Classification]:
        """One answer per post, in order."""
        ...
