"""All models over a batch of posts: features once, then each model's answer or none."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from domain.classification import Answer, Classification, Comparison, Material
from domain.identifiers import slugify
from domain.moderation import SafetyScores
from domain.posts import PostCategory
from ml import bot_rules
from ml.features import TextFeatures, extract
from ml.models import BOT, Models
from ml.quality import quality_score
from ml.text_model import TextModel

BATCH: Final = 64
"""Posts whose features are held at a time, so that memory does not grow with the batch."""
MOST_CATEGORIES: Final = 3
LEAST_CONFIDENCE: Final = 0.25
"""A post whose best category is less sure than this has none."""
TOLD_NSFW: Final = 1.0
"""The score of a post that its own producer marks."""
SHARE_OF_BEST: Final = 0.5
"""Further categories are at least half as sure as the best."""


@dataclass(frozen=True, slots=True)
class _Bot:
    score: float | None
    version: str

    @property
    def versions(self) -> dict[str, str]:
        return {} if self.score is None else {BOT: self.version}


@dataclass(frozen=True, slots=True)
class _Said:
    """What one text model says of a batch: a row per post, a column per label."""

    model: TextModel
    scores: NDArray[np.float64]

    def answer(self, place: int) -> Answer:
        best = int(np.argmax(self.scores[place]))
        return Answer(self.model.version, float(self.scores[place, best]), self.model.labels[best])


class Classifier:
    """A ``PostClassifier``. Holds no state between batches; safe to use from several threads."""

    def __init__(self, models: Models) -> None:
        self._models = models

    def classify(self, batch: Sequence[Material]) -> Sequence[Classification]:
        answers: list[Classification] = []
        for start in range(0, len(batch), BATCH):
            answers += self._classify(batch[start : start + BATCH])
        return answers

    def _classify(self, posts: Sequence[Material]) -> list[Classification]:
        texts = [post.words for post in posts]
        features = extract(texts, self._models.encoder)
        live = _said(self._models.live, features)
        shadows = _said(self._models.shadows, features)
        return [
            _classification(live, shadows, posts[place], place, bot)
            if texts[place].strip()
            else _of_account_alone(bot)
            for place, bot in enumerate(self._bots(posts))
        ]

    def _bots(self, posts: Sequence[Material]) -> Sequence[_Bot]:
        """The trained model's answer where it has one, else the rules'."""
        accounts = [post.account for post in posts]
        ruled = [_Bot(bot_rules.bot_score(account), bot_rules.VERSION) for account in accounts]
        model = self._models.bot
        if model is None:
            return ruled
        trained = [_Bot(score, model.version) for score in model.score(accounts)]
        return [
            rule if judged.score is None else judged
            for rule, judged in zip(ruled, trained, strict=True)
        ]


def _said(models: Mapping[str, TextModel], features: TextFeatures) -> dict[str, _Said]:
    """By model; binary scores are those of a world with the share of positives expected."""
    said: dict[str, _Said] = {}
    for name, model in models.items():
        scores = model.score(features)
        if scores is not None:
            said[name] = _Said(model, model.served(scores))
    return said


def _classification(
    live: Mapping[str, _Said],
    shadows: Mapping[str, _Said],
    post: Material,
    place: int,
    bot: _Bot,
) -> Classification:
    positive = {name: float(said.scores[place, 0]) for name, said in live.items()}
    clickbait = positive.get("clickbait")
    scores = SafetyScores(
        spam=positive.get("spam"),
        nsfw=TOLD_NSFW if post.nsfw and "nsfw" in live else positive.get("nsfw"),
        toxicity=positive.get("toxicity"),
        bot=bot.score,
        quality=None if clickbait is None else quality_score(clickbait, post.words),
    )
    topics = live.get("topics")
    categories = (
        None if topics is None else sure_categories(topics.model.labels, topics.scores[place])
    )
    versions = {name: said.model.version for name, said in live.items()} | bot.versions
    comparisons = [
        Comparison(name, said.answer(place), live[name].answer(place))
        for name, said in shadows.items()
        if name in live
    ]
    return Classification(scores, categories, versions, comparisons)


def _of_account_alone(bot: _Bot) -> Classification:
    """A post without words: text models have nothing to judge."""
    return Classification(SafetyScores(bot=bot.score), None, bot.versions)


def sure_categories(
    labels: Sequence[str], shares: NDArray[np.float64]
) -> tuple[PostCategory, ...]:
    """The labels that are sure enough, best first; empty where none is."""
    order: list[int] = np.argsort(-shares, kind="stable")[:MOST_CATEGORIES].tolist()
    best = float(shares[order[0]])
    if best < LEAST_CONFIDENCE:
        return ()
    sure = [number for number in order if shares[number] >= SHARE_OF_BEST * best]
    return tuple(PostCategory(slugify(labels[number]), float(shares[number])) for number in sure)
