"""What is asked of classifiers, and how answers about words and pictures become one."""

import pytest

from domain.classification import Classification, Material
from domain.moderation import SafetyScores


def test_a_post_without_pictures_is_known_by_the_hash_that_it_always_had() -> None:
    digest = Material("title", "text", ("tag",), nsfw=False).digest
    assert digest.hex() == "1ac3bbbabb8d2dffd78380af461260d3"


def test_other_pictures_make_another_post() -> None:
    pictures = [(), ("a",), ("b",), ("a", "b"), ("b", "a")]
    assert len({Material(text="text", images=images).digest for images in pictures}) == 5


@pytest.mark.parametrize(
    ("words", "picture", "both"),
    [(0.1, 0.6, 0.6), (0.6, 0.1, 0.6), (None, 0.2, 0.2), (0.1, 0.0, 0.1)],
)
def test_the_higher_score_holds(words: float | None, picture: float, both: float) -> None:
    scores = SafetyScores(spam=0.3, nsfw=words)
    answer = Classification(scores, models={"spam": "s"}).with_image(picture, "v")
    assert answer.scores == SafetyScores(spam=0.3, nsfw=both)
    assert answer.models == {"spam": "s", "nsfw_image": "v"}


def test_no_picture_is_no_answer() -> None:
    answer = Classification(SafetyScores(nsfw=0.1), models={"nsfw": "n"})
    assert answer.with_image(None, "v") is answer
