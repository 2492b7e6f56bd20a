"""What classifiers are asked and what they answer; they themselves are in ``ml``.

No answer is None and never 0: a model that is missing or cannot judge says nothing, and what no
classifier has judged is not recommended.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from typing import Final, Protocol

import msgspec

from domain.events import Decision
from domain.moderation import SafetyScores
from domain.posts import PostCategory

REQUIRED: Final = ("spam", "toxicity", "nsfw")
"""Models without whose answers a post does not count as classified."""
NSFW_IMAGE: Final = "nsfw_image"
"""The model of pictures, where answers name their models."""


@dataclass(frozen=True, slots=True)
class RecentPosts:
    """How an account posted of late: at most its last 50 posts, over ``span`` seconds.

    ``repeats`` say what an earlier one of them says, ``links`` contain one.
    """

    count: int
    span: float
    repeats: int
    links: int


@dataclass(frozen=True, slots=True)
class AccountFacts:
    """What is known of an account, None where it is not.

    ``age`` is in seconds, from its first post: nobody tells when it was made. Of biographies and
    private accounts no event tells either.
    """

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
    """What of a post is classified; texts may be empty or long, classifiers bound them.

    ``nsfw`` is what its producer says of it. ``images`` are the addresses of its pictures that
    are to be looked at.
    """

    title: str | None = None
    text: str = ""
    hashtags: Sequence[str] = ()
    account: AccountFacts | None = None
    nsfw: bool | None = None
    images: Sequence[str] = ()

    @property
    def words(self) -> str:
        """Title, text and hashtags as one."""
        tags = " ".join(f"#{tag}" for tag in self.hashtags)
        return "\n".join(part for part in (self.title, self.text, tags) if part)

    @property
    def digest(self) -> bytes:
        """A hash of what the producer says, by which an edited post is known."""
        said = "\n".join((f"{self.nsfw}\n{self.words}", *self.images))
        return blake2b(said.encode("utf-8", "surrogatepass"), digest_size=16).digest()


@dataclass(frozen=True, slots=True)
class Answer:
    """What one model says: the score of its best ``label``."""

    version: str
    score: float
    label: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a model that runs in shadow says of a post, beside the one that it may replace."""

    model: str
    shadow: Answer
    live: Answer


@dataclass(frozen=True, slots=True)
class Classification:
    """``categories`` best first; empty says "none of them", None says nothing.

    ``models`` names the version behind each answer, by the score's name.
    """

    scores: SafetyScores
    categories: tuple[PostCategory, ...] | None = None
    models: Mapping[str, str] = field(default_factory=dict[str, str])
    comparisons: Sequence[Comparison] = ()

    @property
    def is_judgment(self) -> bool:
        """Whether all answered that a post needs; the lack of one is not harmlessness."""
        scores = self.scores
        return None not in (scores.spam, scores.toxicity, scores.nsfw)

    def with_image(self, score: float | None, version: str) -> "Classification":
        """The same with the score of its worst picture: the higher of the NSFW scores holds."""
        if score is None:
            return self
        nsfw = score if self.scores.nsfw is None else max(score, self.scores.nsfw)
        return replace(
            self,
            scores=msgspec.structs.replace(self.scores, nsfw=nsfw),
            models={**self.models, NSFW_IMAGE: version},
        )


class PostClassifier(Protocol):
    """Synchronous and bound to the CPU: a consumer calls it in a thread, under a deadline."""

    def classify(self, batch: Sequence[Material]) -> Sequence[Classification]:
        """One answer per post, in order."""
        ...


@dataclass(frozen=True, slots=True)
class LastWord:
    """A person's latest decision about a post, why, and the scores that the post has."""

    decision: Decision
    reason: str
    scores: SafetyScores
