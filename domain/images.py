"""Pictures of posts: what is asked about them and what is answered; ``ml.vision`` looks at them.

No answer is None and never 0: a picture that could not be looked at says nothing.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from domain.errors import DomainError


class Refusal(StrEnum):
    """Why a picture will never have a score."""

    ADDRESS = "address"  # its host is none that may be connected to
    REDIRECT = "redirect"
    ABSENT = "absent"  # its host does not give it
    BYTES = "bytes"  # too many
    PIXELS = "pixels"  # too many, or one and the same too often
    FORMAT = "format"  # none that is read
    BROKEN = "broken"


class ImageRefused(DomainError):
    """Asking again would change nothing."""

    def __init__(self, reason: Refusal) -> None:
        super().__init__(reason.value)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Sight:
    """What was seen of a post's pictures: the worst one's score, None where none has one.

    ``again``: of some there was no answer now, and another time there may be one.
    """

    score: float | None = None
    again: bool = False


class ImageClassifier(Protocol):
    @property
    def version(self) -> str: ...
    async def score(self, content: bytes) -> float:
        """How surely a picture is NSFW, from 0 to 1, in the policy's bands.

        Raises:
            ImageRefused: it is none that can be looked at.
            Unavailable: there was no answer in time.

        """
        ...
