"""All models over a batch of posts: features once, then each model's answer or none."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from domain.classification import Classification, Material
from domain.identifiers import slugify
from domain.moderation import SafetyScores
from domain.posts import PostCategory
from ml import bot_rules
from ml.account_model import AccountModel
from ml.artifacts import ModelUnavailable
from ml.features import Encoder, extract
from ml.minilm.encoder import EncoderUnavailable, MiniLM
from ml.quality import quality_score
from ml.shelf import Shelf
from ml.text_model import TextModel

BATCH: Final = 64
"""Posts whose features are held at a time, so that memory does not grow with the batch."""
MOST_CATEGORIES: Final = 3
LEAST_CONFIDENCE: Final = 0.25
"""A post whose best category is less sure than this has none."""
SHARE_OF_BEST: Final = 0.5
"""Further categories are at least half as sure as the best."""

Model = TypeVar("Model")


@dataclass(frozen=True, slots=True)
class Models:
    """What is there; None where a model is missing or was refused."""

    spam: TextModel | None = None
    toxicity: TextModel | None = None
    nsfw: TextModel | None = None
    clickbait: TextModel | None = None
    topics: TextModel | None = None
    bot: AccountModel | None = None
    encoder: Encoder | None = None


@dataclass(frozen=True, slots=True)
class _Bot:
    score: float | None
    version: str

    @property
    def versions(self) -> dict[str, str]:
        return {} if self.score is None else {"bot": self.version}


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
        answers = _Answers(self._models, texts)
        bots = self._bots(posts)
        return [
            answers.of(place, bot) if texts[place].strip() else _of_account_alone(bot)
            for place, bot in enumerate(bots)
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


class _Answers:
    """What the text models say about a batch, model by model."""

    def __init__(self, models: Models, texts: Sequence[str]) -> None:
        self._texts = texts
        features = extract(texts, models.encoder)
        text_models = {
            "spam": models.spam,
            "toxicity": models.toxicity,
            "nsfw": models.nsfw,
            "quality": models.clickbait,
            "topics": models.topics,
        }
        self._scores: dict[str, NDArray[np.float64]] = {}
        self._versions: dict[str, str] = {}
        self._labels = models.topics.labels if models.topics else ()
        for name, model in text_models.items():
            scores = model.score(features) if model else None
            if model and scores is not None:
                self._scores[name] = scores
                self._versions[name] = model.version

    def of(self, place: int, bot: _Bot) -> Classification:
        clickbait = self._positive("quality", place)
        text = self._texts[place]
        scores = SafetyScores(
            spam=self._positive("spam", place),
            nsfw=self._positive("nsfw", place),
            toxicity=self._positive("toxicity", place),
            bot=bot.score,
            quality=None if clickbait is None else quality_score(clickbait, text),
        )
        topics = self._scores.get("topics")
        guesses = None if topics is None else sure_categories(self._labels, topics[place])
        return Classification(scores, guesses, self._versions | bot.versions)

    def _positive(self, name: str, place: int) -> float | None:
        scores = self._scores.get(name)
        return None if scores is None else float(scores[place, 0])


def _of_account_alone(bot: _Bot) -> Classification:
    """A post without words: text models have nothing to judge."""
    return Classification(SafetyScores(bot=bot.score), None, bot.versions)


def open_models(shelf: Shelf) -> tuple[Models, Mapping[str, str]]:
    """All models of a shelf that can be used, and why the others cannot, by name."""
    refused: dict[str, str] = {}

    def attempt(name: str, load: Callable[[], Model]) -> Model | None:
        try:
            return load()
        except (ModelUnavailable, EncoderUnavailable) as error:
            refused[name] = str(error)
            return None

    models = Models(
        spam=attempt("spam", lambda: shelf.text_model("spam")),
        toxicity=attempt("toxicity", lambda: shelf.text_model("toxicity")),
        nsfw=attempt("nsfw", lambda: shelf.text_model("nsfw")),
        clickbait=attempt("clickbait", lambda: shelf.text_model("clickbait")),
        topics=attempt("topics", lambda: shelf.text_model("topics")),
        bot=attempt("bot", lambda: shelf.account_model("bot")),
        encoder=attempt("encoder", MiniLM.installed),
    )
    return models, refused


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
