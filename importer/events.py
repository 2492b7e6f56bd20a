"""Facts as the events that their services would have published."""

from collections.abc import Sequence
from typing import Final
from urllib.parse import urlsplit

from domain.events import (
    CategoryGuess,
    Decision,
    EngagementType,
    EngagementUpdated,
    Event,
    ModerationResult,
    PostIngested,
    UserFollowed,
    UserUpdated,
)
from domain.identifiers import is_region, normalize_hashtag, slugify
from importer.identifiers import handle_of, plain_name, usable_id
from importer.rows import FollowRow, InteractionRow, ObservationRow, PostRow, UserRow
from importer.steps import Counts, creator_of, reaction_of, remainder
from importer.survey import Survey
from importer.timeline import Fact

SOURCE: Final = "import"
LONGEST_URL: Final = 2_048
LONGEST_LANGUAGE: Final = 35  # characters, BCP 47
NO_CATEGORY: Final = ("", "none", "null")


class Storyteller:
    """Turns facts, in their order, into events; it remembers the counts observed last.

    `event_id`s name the files' digest, file, line and type, so that telling a fact again is known
    as a repetition. ``classify``: the sources' own verdicts are left out, so that our classifiers
    judge the posts.
    """

    def __init__(self, survey: Survey, digest: str, *, classify: bool = False) -> None:
        self._survey = survey
        self._classify = classify
        self._digest = digest[:12]
        self._observed: dict[str, Counts] = {}
        self._handles: set[str] = set()
        self.orphans = 0  # rows about posts that are not in the files

    def nameless(self) -> list[Event]:
        """A user for each creator that no users file knows."""
        return [self._user(raw, plain_name(raw), None) for raw in self._survey.nameless]

    def tell(self, fact: Fact) -> Sequence[Event]:
        match fact.row:
            case UserRow() as row:
                return [
                    self._user(row.user_id, row.name or plain_name(row.user_id), row.followers)
                ]
            case PostRow() as row:
                return self._final(fact, row) if fact.is_final else self._post(row, fact.at)
            case FollowRow() as row:
                return [_follow(row, fact.at)]
            case InteractionRow() as row:
                return self._interaction(fact, row)
            case ObservationRow() as row:
                return self._observation(fact, row)

    def _user(self, raw: str, name: str, followers: int | None) -> UserUpdated:
        identifier = usable_id(raw)
        return UserUpdated(
            user_id=identifier,
            handle=handle_of(identifier, self._handles),
            display_name=name[:200],
            follower_count=followers,
        )

    def _post(self, row: PostRow, at: float) -> list[Event]:
        post = _post(row, at, told_nsfw=not self._classify)
        return [post] if self._classify else [post, _verdict(row, at)]

    def _final(self, fact: Fact, row: PostRow) -> list[Event]:
        steps = remainder(row, self._survey.dated.get(row.id, Counts()))
        return [self._step(fact, row.id, type_, delta) for type_, delta in steps]

    def _interaction(self, fact: Fact, row: InteractionRow) -> list[Event]:
        if row.post_id not in self._survey.posts:
            self.orphans += 1
            return []
        type_, delta = reaction_of(row)
        return [self._step(fact, row.post_id, type_, delta, user=row.user_id)]

    def _observation(self, fact: Fact, row: ObservationRow) -> list[Event]:
        if row.post_id not in self._survey.posts:
            self.orphans += 1
            return []
        before = self._observed.get(row.post_id, Counts())
        now = self._observed[row.post_id] = before.observed(row)
        region = row.region if is_region(row.region) else None
        return [
            self._step(fact, row.post_id, type_, delta, region=region)
            for type_, delta in now.since(before)
        ]

    def _step(
        self,
        fact: Fact,
        post: str,
        type_: EngagementType,
        delta: int,
        *,
        user: str = "",
        region: str | None = None,
    ) -> EngagementUpdated:
        place = f"{fact.file}:{fact.line}:{type_}{':final' if fact.is_final else ''}"
        return EngagementUpdated(
            post_id=usable_id(post),
            type=type_,
            delta=delta,
            user_id=usable_id(user) if user else None,
            event_id=f"{SOURCE}:{self._digest}:{place}",
            region=region,
            timestamp=_milliseconds(fact.at),
        )


def _post(row: PostRow, at: float, *, told_nsfw: bool) -> PostIngested:
    regions = [region for region in row.regions or () if is_region(region)]
    return PostIngested(
        post_id=usable_id(row.id),
        author_id=usable_id(creator_of(row)),
        title=row.title or None,
        content=row.text or "",
        tags=_hashtags(row.tags or ()),
        language=row.lang if row.lang and len(row.lang) <= LONGEST_LANGUAGE else None,
        region=regions[0] if regions else None,
        url=row.url if row.url and _is_web_address(row.url) else None,
        nsfw=row.nsfw if told_nsfw else None,
        categories=_categories(row.category),
        created_at=_milliseconds(at),
    )


def _verdict(row: PostRow, at: float) -> ModerationResult:
    """What the source itself says: it shows the post, and may have marked it; it gives no scores.

    A machine that decides has judged the whole post, so that ours leave it alone.
    """
    return ModerationResult(
        post_id=usable_id(row.id),
        decision=Decision.APPROVE,
        source=SOURCE,
        nsfw_score=None if row.nsfw is None else float(row.nsfw),
        timestamp=_milliseconds(at),
    )


def _follow(row: FollowRow, at: float) -> UserFollowed:
    return UserFollowed(
        user_id=usable_id(row.follower_id),
        target_id=usable_id(row.followee_id),
        active=True,
        timestamp=_milliseconds(at),
    )


def _hashtags(tags: Sequence[str]) -> list[str]:
    normal = (normalize_hashtag(tag) for tag in tags)
    return list(dict.fromkeys(tag for tag in normal if tag))


def _categories(name: str | None) -> list[CategoryGuess] | None:
    slug = slugify(name or "")
    return None if slug in NO_CATEGORY else [CategoryGuess(slug, confidence=1.0)]


def _is_web_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc) and len(url) <= LONGEST_URL


def _milliseconds(at: float) -> int:
    return round(at * 1_000)
