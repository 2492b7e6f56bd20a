"""The models in the repository: they load, and say of sentences what a reader would say."""

import pytest

from domain.classification import Classification, Material
from domain.moderation import REVIEW_BAND, SPAM_LIMIT, TOXICITY_LIMIT
from ml.artifacts import read_manifest, versions
from ml.classifier import Classifier
from ml.models import TEXT_MODELS, open_models
from ml.shelf import SHIPPED, Shelf

LARGEST_FILE = 1_000_000
LARGEST_IN_ALL = 4_000_000
HARMLESS = (
    "A quiet walk along the lake this morning, and an owl on the old mill.",
    "My sourdough finally rose: here is the recipe with photos of each step.",
    "New release of the library: faster start, fewer dependencies, same interface.",
    "The home team won in the last minute and the whole street sang.",
    "test post 17",
    "これは湖の写真です。",
    "Our mosque and the church next door cook for the neighborhood every Friday.",
)
SPAM = (
    "WINNER! Claim your FREE cash prize now, call 09061701461 before midnight!",
    "Congratulations, you have won a £1000 voucher! Text WIN to 80086 to claim.",
)
ABUSE = ("you are a stupid worthless bitch", "shut up you dumb ugly faggot")


@pytest.fixture(scope="module")
def classifier() -> Classifier:
    models, problems = open_models(Shelf())
    assert problems == {}
    return Classifier(models)


def say(classifier: Classifier, *texts: str) -> list[Classification]:
    return list(classifier.classify([Material(text=text) for text in texts]))


def test_all_models_of_posts_are_shipped_small_and_learned_from_licensed_sets() -> None:
    assert set(Shelf().aliases()) == set(TEXT_MODELS)
    sizes = [path.stat().st_size for path in SHIPPED.iterdir()]
    assert max(sizes) < LARGEST_FILE
    assert sum(sizes) < LARGEST_IN_ALL
    for version in versions(SHIPPED):
        manifest = read_manifest(SHIPPED, version)
        assert manifest.metrics
        assert all(one.license for one in manifest.data)
        assert manifest.code != "unknown"
    assert set(versions(SHIPPED)) == set(Shelf().aliases().values())


def test_harmless_posts_may_be_recommended(classifier: Classifier) -> None:
    for text, answer in zip(HARMLESS, say(classifier, *HARMLESS), strict=True):
        assert answer.is_judgment, text
        scores = answer.scores
        for score in (scores.spam, scores.toxicity, scores.nsfw):
            assert score is not None
            assert score < REVIEW_BAND[0], text


def test_spam_and_abuse_are_withheld(classifier: Classifier) -> None:
    for text, answer in zip(SPAM, say(classifier, *SPAM), strict=True):
        assert answer.scores.spam is not None
        assert answer.scores.spam > SPAM_LIMIT, text
    for text, answer in zip(ABUSE, say(classifier, *ABUSE), strict=True):
        assert answer.scores.toxicity is not None
        assert answer.scores.toxicity > TOXICITY_LIMIT, text


def test_disguises_do_not_help(classifier: Classifier) -> None:
    plain, *others = say(
        classifier,
        "claim your free cash prize now, call 09061701461",
        "cl\u200baim your fr\u200bee ca\u00adsh prize n\u200bow, call 09061701461",
        "claim your fr3e c4sh pr1ze now, call 09061701461",
        "ｃｌａｉｍ ｙｏｕｒ ｆｒｅｅ ｃａｓｈ ｐｒｉｚｅ ｎｏｗ, call 09061701461",
    )
    assert plain.scores.spam is not None
    for other in others:
        assert other.scores.spam == pytest.approx(plain.scores.spam, abs=0.1)


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("How do I train a puppy that barks at every other dog?", "animals-pets"),
        ("Just finished the boss fight on the hardest difficulty, what a game", "gaming"),
        ("Best slow cooker recipe for pulled pork?", "food"),
    ],
)
def test_topics(classifier: Classifier, text: str, slug: str) -> None:
    (answer,) = say(classifier, text)
    assert answer.categories is not None
    assert slug in [category.slug for category in answer.categories]


def test_clickbait_lowers_quality(classifier: Classifier) -> None:
    bait, news = say(
        classifier,
        "21 Things Only People Who Grew Up In The 90s Will Understand",
        "Central bank keeps interest rates unchanged as inflation slows",
    )
    assert bait.scores.quality is not None
    assert news.scores.quality is not None
    assert bait.scores.quality < 0.5 < news.scores.quality
