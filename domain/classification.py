"""What classifiers are asked and what they answer; they themselves are in ``ml``.

No answer is None and never 0: a model that is missing or cannot judge says nothing, and what no
classifier has judged is not recommended.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from domain.moderation import SafetyScores
from domain.posts import PostCategory


@dataclass(frozen=True, slots=True)
class AccountFacts:
    """What is known of an account, None where it is not; ages and spans are in seconds.

    ``posts`` is how many of its posts the recent ones were drawn from; the recent ones are at most
    the last 50, and the counts of repeats and links are among them.
    """

    handle: str | None = None
    has_avatar: bool | None = None
    age: float | None = None
    followers: int | None = None
    following: int | None = None
    recent_posts: int = 0
    recent_span: float = 0.0
    recent_repeats: int = 0
    recent_links: int = 0


@dataclass(frozen=True, slots=True)
class Material:
    """What of a post is classified; texts may be empty or long, classifiers bound them."""

    title: str | None = None
    text: str = ""
    hashtags: Sequence[str] = ()
    account: AccountFacts | None = None

    @property
    def words(self) -> str:
        """Title and text as one."""
        return "\n".join(part for part in (self.title, self.text) if part)


@dataclass(frozen=True, slots=True)
class Classification:
    """``categories`` best first; empty says "none of them", None says nothing.

    ``models`` names the version behind each answer, by the score's name.
    """

    scores: SafetyScores = SafetyScores()
    categories: tuple[PostCategory, ...] | None = None
    models: Mapping[str, str] = field(default_factory=dict[str, str])


class PostClassifier(Protocol):
    """Synchronous and bound to the CPU: a consumer calls it in a thread, under a deadline."""

    def classify(self, batch: Sequence[Material]) -> Sequence[Classification]:
        """One answer per post, in order."""
        ...


class TextScorer(Protocol):
    """One model for texts: a row of scores in [0, 1] per text, a column per label."""

    @property
    def version(self) -> str: ...
    @property
    def labels(self) -> Sequence[str]: ...
    def score(self, texts: Sequence[str]) -> NDArray[np.float64]: ...
