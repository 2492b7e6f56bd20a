"""What "not interested" means: what is hidden or shown less from now on, in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from domain.events import NotInterestedReason
from domain.posts import PostRecord
from domain.viewer import TargetKind
from services.category_catalog import CategoryCatalog
from services.creator_cache import CreatorCache

HIDDEN: Final = "You will not see this post again"


@dataclass(frozen=True, slots=True)
class Dislike:
    targets: Sequence[tuple[TargetKind, str]]
    effects: tuple[str, ...]


class Dislikes:
    def __init__(self, creators: CreatorCache, categories: CategoryCatalog) -> None:
        self._creators = creators
        self._categories = categories

    def of(self, record: PostRecord, because: NotInterestedReason) -> Dislike:
        """What to hide for a post and a reason; the post itself always."""
        post = (TargetKind.POST, record.id)
        match because:
            case NotInterestedReason.CREATOR:
                name = self._creators.find_or_nameless(record.author_id).display_name
                return Dislike(
                    (post, (TargetKind.CREATOR, record.author_id)),
                    (HIDDEN, f"You will not see posts by {name} for 30 days"),
                )
            case NotInterestedReason.TOPIC:
                slugs = [category.slug for category in record.categories]
                return Dislike(
                    (post, *((TargetKind.CATEGORY, slug) for slug in slugs)),
                    (HIDDEN, *(f"You will see less of {self._name(slug)}" for slug in slugs)),
                )
            case NotInterestedReason.HASHTAGS:
                return Dislike(
                    (post, *((TargetKind.HASHTAG, tag) for tag in record.hashtags)),
                    (HIDDEN, *(f"You will see less of #{tag}" for tag in record.hashtags)),
                )
            case _:
                return Dislike((post,), (HIDDEN,))

    def _name(self, slug: str) -> str:
        category = self._categories.find(slug)
        return slug if category is None else category.name
