"""The whole over hostile and ordinary posts; real models, made on the spot."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.classification import AccountFacts, Material, RecentPosts
from ml.bot_rules import bot_score, broken_rules
from ml.classifier import Classifier, sure_categories
from ml.models import Models, open_models
from ml.quality import form_score, quality_score
from ml.shelf import Shelf
from ml.training.run import train
from tests.ml.made_up_sets import LetterEncoder, write_spam, write_topics

BUSY = RecentPosts(count=50, span=600.0, repeats=40, links=50)


@pytest.fixture(scope="module")
def classifier(tmp_path_factory: pytest.TempPathFactory) -> Classifier:
    folder = tmp_path_factory.mktemp("sets")
    write_spam(folder)
    write_topics(folder)
    encoder = LetterEncoder()
    for name in ("spam", "topics"):
        train(name, folder, folder / "models", licensed=False, encoder=encoder, alias=name)
    shelf = Shelf(folder / "models")
    return Classifier(
        Models(spam=shelf.text_model("spam"), topics=shelf.text_model("topics"), encoder=encoder)
    )


def test_scores_topics_and_who_gave_them(classifier: Classifier) -> None:
    spam, post = classifier.classify(
        [Material(text="win a free cash prize now"), Material(title="owl", text="wing of an owl")]
    )
    assert spam.scores.spam is not None
    assert spam.scores.spam > 0.8
    assert post.scores.spam is not None
    assert post.scores.spam < 0.5
    assert post.categories is not None
    assert post.categories[0].slug == "birds"
    assert set(post.models) == {"spam", "topics"}
    assert post.scores.toxicity is None  # no such model, no answer
    assert post.scores.quality is None


@pytest.mark.parametrize(
    "text",
    [
        "a" * 1_000_000,
        "word " * 200_000,
        "\u202e\ufeff\u200b" * 1_000,
        "z\u0337\u0321" * 10_000,
        "\U0001f600" * 5_000,
        "\ufdfa" * 5_000,
        "नमस्ते दुनिया 世界 한국어 العربية עברית ไทย",
        "\ud800 alone",
        "\0\x1b[31m",
    ],
    ids=["long", "words", "unseen", "marks", "emoji", "grows", "scripts", "surrogate", "control"],
)
def test_hostile_texts_have_scores_in_bounds(classifier: Classifier, text: str) -> None:
    (answer,) = classifier.classify([Material(text=text)])
    assert answer.scores.spam is not None
    assert 0.0 <= answer.scores.spam <= 1.0


@given(st.lists(st.text(), max_size=5))
def test_an_answer_does_not_depend_on_its_neighbors(
    classifier: Classifier, texts: list[str]
) -> None:
    together = classifier.classify([Material(text=text) for text in texts])
    alone = [classifier.classify([Material(text=text)])[0] for text in texts]
    for one, other in zip(together, alone, strict=True):
        assert one.scores.spam == pytest.approx(other.scores.spam)
        assert one.models == other.models


def test_tricks_do_not_hide_words(classifier: Classifier) -> None:
    plain, *disguised = classifier.classify(
        [
            Material(text="free prize"),
            Material(text="fr\u200bee pr\u00adize"),
            Material(text="ＦＲＥＥ ＰＲＩＺＥ"),
            Material(text="fr3e pr1ze".replace("3", "е").replace("1", "і")),
            Material(text="f-r-e-e p r i z e"),
        ]
    )
    for answer in disguised:
        assert answer.scores.spam == pytest.approx(plain.scores.spam, abs=0.05)


def test_a_post_without_words_has_no_answer_from_texts(classifier: Classifier) -> None:
    empty, blank, account = classifier.classify(
        [Material(), Material(text=" \n"), Material(account=AccountFacts(recent=BUSY))]
    )
    for answer in (empty, blank):
        assert answer.scores.spam is None
        assert answer.categories is None
        assert answer.models == {}
    assert account.scores.bot is not None
    assert account.models == {"bot": "bot-rules-2"}


def test_an_empty_batch(classifier: Classifier) -> None:
    assert classifier.classify([]) == []


def test_no_models_no_answers(tmp_path: Path) -> None:
    models, refused = open_models(Shelf(tmp_path))
    assert {"spam", "toxicity", "nsfw", "clickbait", "topics"} <= set(refused)
    (answer,) = Classifier(models).classify([Material(text="anything")])
    assert answer.models == {}
    assert answer.categories is None


def test_sure_categories() -> None:
    labels = ("a b", "c", "d", "e")
    assert [c.slug for c in sure_categories(labels, np.array([0.5, 0.3, 0.1, 0.1]))] == [
        "a-b",
        "c",
    ]
    assert sure_categories(labels, np.array([0.26, 0.25, 0.25, 0.24]))[0].slug == "a-b"
    assert len(sure_categories(labels, np.array([0.26, 0.25, 0.25, 0.24]))) == 3
    assert sure_categories(labels, np.array([0.24, 0.24, 0.24, 0.24])) == ()


def test_bot_rules_are_reasons_that_add_up() -> None:
    known = AccountFacts(recent=BUSY, has_avatar=False, age=3_600.0)
    broken = broken_rules(known)
    assert broken is not None
    assert [rule.reason for rule in broken] == [
        "more than 20 posts an hour",
        "more than 60 posts an hour",
        "most posts repeat another",
        "nearly all posts have links",
        "younger than a day",
        "no picture",
    ]
    assert bot_score(known) == pytest.approx(1 - 0.8 * 0.7 * 0.4 * 0.7 * 0.8 * 0.85)


def test_many_posts_alone_are_no_bot() -> None:
    burst = RecentPosts(count=50, span=10.0, repeats=0, links=0)
    score = bot_score(AccountFacts(recent=burst))
    assert score is not None
    assert score == pytest.approx(1 - 0.8 * 0.7)
    assert score < 0.5  # below the band that waits for a person


def test_too_little_known_is_no_answer() -> None:
    assert bot_score(None) is None
    assert bot_score(AccountFacts(has_avatar=False)) is None
    assert bot_score(AccountFacts(recent=RecentPosts(4, 1.0, 4, 4))) is None


def test_an_ordinary_account_is_no_bot() -> None:
    calm = RecentPosts(count=50, span=30 * 86_400.0, repeats=0, links=20)
    facts = AccountFacts("ann", 1e7, 200, 300, 50, 40, has_avatar=True, recent=calm)
    assert bot_score(facts) == 0.0


def test_quality_falls_with_clickbait_and_bad_form() -> None:
    good = "A calm sentence about trains."
    assert quality_score(0.0, good) == 1.0
    assert quality_score(1.0, good) == pytest.approx(0.3)
    assert form_score("SHOUTING ALL THE TIME") == pytest.approx(0.7)
    assert form_score("Really??? You will not believe") == pytest.approx(0.8)
    assert form_score("ok") == pytest.approx(0.7)
