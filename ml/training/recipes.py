"""What each model is trained on and how: one declaration per model."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from ml.training.data_sets import (
    CLICKBAIT,
    DAVIDSON,
    NSFW_REDDIT,
    OLID,
    REDDIT_TOPICS,
    SPAM_SMS,
    SPAM_YOUTUBE,
    DataSet,
)


@dataclass(frozen=True, slots=True)
class TextRecipe:
    """How a text model is made.

    ``background`` are texts of other kinds that count as negative: without them a model of tweets
    or text messages knows no ordinary posts and flags them. ``encoded``: sentence vectors beside
    n-grams. ``topics``: labels are names of which one holds, else 0, 1 (or 2) of which any
    positive one holds. ``emphasis``: how much more than the others a set weighs, by its name.
    ``expected_share``: of positives among the posts of a platform.
    """

    name: str
    sets: Sequence[DataSet]
    background: Sequence[DataSet] = ()
    encoded: bool = False
    topics: bool = False
    ngram_strength: float = 1.0
    vector_strength: float = 0.001
    bucket_bits: int = 18
    expected_share: float | None = None
    emphasis: Mapping[str, float] = field(default_factory=dict[str, float])


SPAM: Final = TextRecipe(
    "spam",
    (SPAM_SMS, SPAM_YOUTUBE),
    background=(CLICKBAIT, REDDIT_TOPICS),
    ngram_strength=5.0,
    expected_share=0.05,
)
TOXICITY: Final = TextRecipe(
    "toxicity",
    (DAVIDSON, OLID),
    background=(CLICKBAIT, SPAM_SMS),
    encoded=True,
    vector_strength=0.0005,
    expected_share=0.05,
    emphasis={OLID.name: 2.0},  # not collected by a lexicon, hence nearer to what people write
)
NSFW: Final = TextRecipe("nsfw", (NSFW_REDDIT,), encoded=True, expected_share=0.05)
HEADLINES: Final = TextRecipe("clickbait", (CLICKBAIT,), ngram_strength=5.0)
TOPICS: Final = TextRecipe("topics", (REDDIT_TOPICS,), encoded=True, topics=True, bucket_bits=16)
TEXT_RECIPES: Final = {recipe.name: recipe for recipe in (SPAM, TOXICITY, NSFW, HEADLINES, TOPICS)}
