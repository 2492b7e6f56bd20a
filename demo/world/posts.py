"""The world's posts: who writes what when, and how much attention it will draw."""

import random
from dataclasses import dataclass
from typing import Final

from demo.world.dice import dice, few
from demo.world.people import Person
from demo.world.safety import Trait, draw_scores, draw_trait
from demo.world.vocabulary import LANGUAGES, Words, read_words
from demo.world.writing import Writing, write_english, write_phrases
from domain.events import CategoryGuess, Decision, ModerationResult, PostIngested
from domain.moderation import SafetyScores

SOURCE: Final = "demo"
MEDIA_HOST: Final = "https://media.example.org"
WITH_PICTURE: Final = 0.35
WITH_VIDEO: Final = 0.06
WITH_LINK: Final = 0.12
OFF_TOPIC: Final = 0.15  # share of posts outside the creator's favorite category
TRENDY: Final = 0.3  # share of posts that join the hashtag of the hour
TREND_SECONDS: Final = 6 * 3_600.0


@dataclass(frozen=True, slots=True)
class DemoPost:
    """`pull` is the expected number of reactions in all, `burst` the share of late ones."""

    post: PostIngested
    scores: SafetyScores
    categories: tuple[CategoryGuess, ...]
    region: str
    created_at: float
    pull: float
    burst: float

    @property
    def category(self) -> str:
        return self.categories[0].slug

    def judgment(self, at: float) -> ModerationResult:
        """What the classifiers answer at a time in epoch seconds."""
        return ModerationResult(
            post_id=self.post.post_id,
            spam_score=self.scores.spam,
            nsfw_score=self.scores.nsfw,
            toxicity_score=self.scores.toxicity,
            bot_score=self.scores.bot,
            quality_score=self.scores.quality,
            categories=list(self.categories),
            decision=Decision.NONE,
            source=SOURCE,
            timestamp=round(at * 1_000),
        )


def make_post(seed: int, number: str, creator: Person, created_at: float) -> DemoPost:
    """The post of this number; all but its time depends on seed, number and creator alone."""
    draw = dice(seed, "post", number)
    words = read_words()
    slug = creator.topics[0] if draw.random() > OFF_TOPIC else draw.choice(creator.topics[1:])
    trait = draw_trait(draw)
    language, writing = _write(draw, words, slug, creator.language, trait)
    id_ = f"p-{number}"
    post = PostIngested(
        post_id=id_,
        author_id=creator.id,
        title=writing.title,
        content=writing.text,
        tags=_hashtags(draw, words, slug, created_at, seed),
        media_urls=_media(draw, id_),
        language=language,
        region=creator.region,
        url=f"https://{slug}.example.com/{id_}" if draw.random() < WITH_LINK else None,
        created_at=round(created_at * 1_000),
    )
    return DemoPost(
        post=post,
        scores=draw_scores(draw, trait),
        categories=_categories(draw, slug, creator.topics),
        region=creator.region,
        created_at=created_at,
        pull=creator.pull**0.6 * draw.lognormvariate(3.2, 1.1),
        burst=draw.uniform(0.6, 0.9) if draw.random() < 0.03 else 0.0,  # noqa: PLR2004 - rare
    )


def _write(
    draw: random.Random, words: Words, slug: str, language: str, trait: Trait
) -> tuple[str, Writing]:
    if trait is Trait.PLAIN and language in LANGUAGES and draw.random() < 0.8:  # noqa: PLR2004 - most
        joint = "" if language == "ja" else " "
        return language, write_phrases(draw, words.languages[language], slug, joint)
    return "en", write_english(draw, words.categories[slug], trait)


def _hashtags(
    draw: random.Random, words: Words, slug: str, created_at: float, seed: int
) -> list[str]:
    """Some of the category's own, and often the one that is in fashion just then."""
    own = words.categories[slug].hashtags
    tags = few(draw, own, 0, 3)
    fashion = dice(seed, "fashion", slug, int(created_at // TREND_SECONDS)).choice(own)
    if draw.random() < TRENDY and fashion not in tags:
        tags.append(fashion)
    return tags


def _media(draw: random.Random, id_: str) -> list[str]:
    point = draw.random()
    if point < WITH_VIDEO:
        return [f"{MEDIA_HOST}/{id_}.mp4"]
    if point < WITH_VIDEO + WITH_PICTURE:
        return [f"{MEDIA_HOST}/{id_}-{n}.jpg" for n in range(1, draw.choice((1, 1, 1, 2, 3)) + 1)]
    return []


def _categories(
    draw: random.Random, slug: str, topics: tuple[str, ...]
) -> tuple[CategoryGuess, ...]:
    best = CategoryGuess(slug, round(draw.uniform(0.7, 0.98), 3))
    if draw.random() < 0.25:  # noqa: PLR2004 - some posts are about two things
        other = draw.choice([topic for topic in topics if topic != slug])
        return best, CategoryGuess(other, round(draw.uniform(0.2, 0.45), 3))
    return (best,)
