"""From files to models: what is learned, kept, refused and listed."""

from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from typing_extensions import override

from domain.classification import AccountFacts
from ml.__main__ import main
from ml.artifacts import ModelMissing, ModelRefused, move_alias, read_aliases, versions
from ml.features import extract
from ml.models import open_models
from ml.shelf import Shelf
from ml.training.data_sets import UnreadableSet
from ml.training.examples import NothingToLearn, gather
from ml.training.recipes import SPAM, TOPICS
from ml.training.run import train
from tests.ml.made_up_sets import (
    LetterEncoder,
    write_accounts,
    write_spam,
    write_table,
    write_topics,
)


@pytest.fixture
def models(tmp_path: Path) -> Path:
    return tmp_path / "models"


def test_a_text_model_learns_is_kept_and_loaded(tmp_path: Path, models: Path) -> None:
    write_spam(tmp_path)
    manifest = train("spam", tmp_path, models, licensed=True, encoder=None, alias="spam")
    assert manifest.metrics["spam_sms"]["auc"] == 1.0
    assert manifest.data[0].rows == 240
    assert {point.threshold for point in manifest.thresholds} == {0.5, 0.7, 0.8, 0.9}
    model = Shelf(models).text_model("spam")
    assert model.version == manifest.version
    scores = model.score(extract(["free prize, call now", "the lake at six"], None))
    assert scores is not None
    assert scores[0, 0] > 0.8
    assert scores[1, 0] < 0.2


def test_training_again_gives_the_same_bytes(tmp_path: Path, models: Path) -> None:
    write_spam(tmp_path)
    first = train("spam", tmp_path, models, licensed=True, encoder=None, alias="spam")
    again = train("spam", tmp_path, models, licensed=True, encoder=None, alias="spam-shadow")
    assert first == again
    assert read_aliases(models) == {"spam": first.version, "spam-shadow": first.version}


def test_topics_are_shares_of_one(tmp_path: Path, models: Path) -> None:
    write_topics(tmp_path)
    encoder = LetterEncoder()
    manifest = train("topics", tmp_path, models, licensed=True, encoder=encoder, alias="topics")
    assert manifest.metrics["reddit"] == {"accuracy": 1.0, "macro_f1": 1.0, "top3": 1.0}
    assert manifest.encoder == "letters/1"
    model = Shelf(models).text_model("topics")
    scores = model.score(extract(["an owl", "", "engine \U0001f697"], encoder))
    assert scores is not None
    np.testing.assert_allclose(scores.sum(axis=1), 1.0)
    assert model.labels[int(scores[0].argmax())] == "birds"
    assert model.score(extract(["an owl"], None)) is None  # no encoder, no answer


def test_accounts(tmp_path: Path, models: Path) -> None:
    write_accounts(tmp_path)
    manifest = train("bot", tmp_path, models, licensed=False, encoder=None, alias="bot")
    assert manifest.metrics["fake_accounts"]["auc"] == 1.0
    fake = AccountFacts(
        handle="ann123456789",
        followers=5,
        following=4_000,
        posts=1,
        biography_length=0,
        has_avatar=False,
        is_private=False,
    )
    partly = replace(fake, biography_length=None, has_avatar=None, is_private=None)
    model = Shelf(models).account_model("bot")
    scores = model.score([fake, partly, None, replace(partly, followers=None)])
    assert scores[0] is not None
    assert scores[1] is not None
    assert scores[0] > 0.9
    assert scores[1] > 0.9
    assert scores[2:] == [None, None]
    # What is not known counts as the mean, in logarithms: of 4,000 and 250 followed accounts.
    assert model.means[1] == pytest.approx((4_001 * 251) ** 0.5 - 1)
    assert model.means[5] == 0.0
    (stood_for,) = model.score([replace(partly, is_private=False)])
    assert stood_for == scores[1]


def test_sets_without_a_license_train_nothing_that_is_shipped(tmp_path: Path) -> None:
    write_spam(tmp_path, "spam_youtube")
    write_accounts(tmp_path)
    assert gather(SPAM, tmp_path, licensed=False).rows[0].source.name == "spam_youtube"
    for name in ("spam", "bot"):
        with pytest.raises(NothingToLearn):
            train(name, tmp_path, tmp_path, licensed=True, encoder=None, alias=name)


def test_each_class_of_each_set_weighs_the_same(tmp_path: Path) -> None:
    rows = [{"id": n, "label": int(n == 0), "text": f"text {n}"} for n in range(10)]
    write_table(tmp_path / "safety/spam_youtube.train.csv.gz", rows)
    write_spam(tmp_path)
    examples = gather(SPAM, tmp_path, licensed=False)
    sizes = [len(one.texts) for one in examples.rows]
    of_set = np.repeat(np.arange(2), sizes)
    masses = [
        examples.weights[(of_set == number) & (examples.classes == one)].sum()
        for number in (0, 1)
        for one in (0, 1)
    ]
    np.testing.assert_allclose(masses, len(examples.texts) / 4)


def test_a_set_can_weigh_more(tmp_path: Path) -> None:
    write_spam(tmp_path)
    write_spam(tmp_path, "spam_youtube")
    recipe = replace(SPAM, emphasis={"spam_youtube": 3.0})
    weights = gather(recipe, tmp_path, licensed=False).weights
    half = len(weights) // 2
    assert weights[half:].sum() == pytest.approx(3 * weights[:half].sum())


def test_background_counts_as_negative(tmp_path: Path) -> None:
    write_spam(tmp_path)
    write_topics(tmp_path)
    examples = gather(SPAM, tmp_path, licensed=False)
    assert [one.source.name for one in examples.rows] == ["spam_sms", "reddit"]
    assert not examples.classes[-180:].any()


@pytest.mark.parametrize(
    ("rows", "error"),
    [
        ([{"id": 1, "text": "no label"}], UnreadableSet),
        ([{"id": 1, "label": "often", "text": "odd label"}], UnreadableSet),
        ([{"id": 1, "label": 1, "text": "one class"}], NothingToLearn),
    ],
)
def test_sets_that_teach_nothing(
    tmp_path: Path, rows: list[dict[str, object]], error: type[Exception]
) -> None:
    write_table(tmp_path / "safety/spam_sms.train.csv.gz", rows)
    with pytest.raises(error):
        gather(SPAM, tmp_path, licensed=False)


def test_a_file_that_is_cut_short_is_named(tmp_path: Path) -> None:
    write_spam(tmp_path)
    path = tmp_path / "safety/spam_sms.train.csv.gz"
    path.write_bytes(path.read_bytes()[:200])
    with pytest.raises(UnreadableSet, match="spam_sms.train"):
        gather(SPAM, tmp_path, licensed=False)


def test_a_topic_model_needs_its_encoder(tmp_path: Path) -> None:
    write_topics(tmp_path)
    with pytest.raises(NothingToLearn, match="requirements/runtime.txt"):
        train(TOPICS.name, tmp_path, tmp_path, licensed=True, encoder=None, alias="topics")


def test_files_that_are_not_what_they_say_are_refused(tmp_path: Path, models: Path) -> None:
    write_spam(tmp_path)
    version = train("spam", tmp_path, models, licensed=True, encoder=None, alias="spam").version
    shelf = Shelf(models)
    packed, manifest = models / f"{version}.npz", models / f"{version}.json"
    right, said = packed.read_bytes(), manifest.read_text()

    packed.write_bytes(right[:-1] + b"x")
    with pytest.raises(ModelRefused, match="hash"):
        shelf.text_model("spam")
    packed.write_bytes(right)

    manifest.write_text(said.replace('"features": "', '"features": "0'))
    with pytest.raises(ModelRefused, match="other features"):
        shelf.text_model("spam")
    manifest.write_text(said.replace('"positive"', '"yes", "no"'))
    with pytest.raises(ModelRefused, match="do not fit"):
        shelf.text_model("spam")
    manifest.write_text("{")
    with pytest.raises(ModelRefused):
        shelf.text_model("spam")
    manifest.write_text(said)
    with pytest.raises(ModelRefused, match="no account model"):
        shelf.account_model("spam")

    packed.unlink()
    with pytest.raises(ModelMissing):
        shelf.text_model("spam")
    with pytest.raises(ModelMissing):
        shelf.text_model("toxicity")
    with pytest.raises(ModelMissing):
        move_alias(models, "spam", "spam-0000000000")


def test_an_alias_is_given_to_whole_models_of_its_name(tmp_path: Path, models: Path) -> None:
    write_spam(tmp_path)
    version = train("spam", tmp_path, models, licensed=True, encoder=None, alias="spam").version
    for alias in ("nsfw", "nsfw-shadow", "spam-old"):
        with pytest.raises(ModelRefused, match="is a model of spam"):
            move_alias(models, alias, version)
    aliases = models / "aliases.json"
    aliases.write_text(f'{{"spam": "{version}", "nsfw": "{version}"}}')
    with pytest.raises(ModelRefused, match="is a model of spam"):
        Shelf(models).text_model("nsfw")
    packed, manifest = models / f"{version}.npz", models / f"{version}.json"
    right = packed.read_bytes()
    packed.write_bytes(right[:-1])
    with pytest.raises(ModelRefused, match="hash"):
        move_alias(models, "spam-shadow", version)
    (models / "spam-1111111111.json").write_text(manifest.read_text())
    with pytest.raises(ModelRefused, match="is that of"):
        move_alias(models, "spam", "spam-1111111111")
    assert "shadow" not in aliases.read_text()


@pytest.mark.parametrize("content", [b"PK\x03\x04 no archive", b"", b"\x80\x04 no pickle"])
def test_what_is_no_archive_is_refused_though_its_hash_fits(
    tmp_path: Path, models: Path, content: bytes
) -> None:
    write_spam(tmp_path)
    version = train("spam", tmp_path, models, licensed=True, encoder=None, alias="spam").version
    packed, manifest = models / f"{version}.npz", models / f"{version}.json"
    said = manifest.read_text()
    right = sha256(packed.read_bytes()).hexdigest()
    packed.write_bytes(content)
    manifest.write_text(said.replace(right, sha256(content).hexdigest()))
    with pytest.raises(ModelRefused, match=version):
        Shelf(models).text_model("spam")


def test_weights_for_vectors_of_another_width_are_refused(tmp_path: Path, models: Path) -> None:
    write_topics(tmp_path)
    train("topics", tmp_path, models, licensed=True, encoder=LetterEncoder(), alias="topics")
    assert "topics" not in open_models(Shelf(models), LetterEncoder)[1]
    found, problems = open_models(Shelf(models), WiderEncoder)
    assert found.topics is None
    assert "for 26 dimensions, not 27" in problems["topics"]


class WiderEncoder(LetterEncoder):
    @override
    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return np.pad(super().encode(texts), ((0, 0), (0, 1)))


def test_the_command_trains_lists_and_moves_aliases(
    tmp_path: Path, models: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_spam(tmp_path)
    place = ["--models", str(models)]
    learn = [*place, "train", "spam", "--data", str(tmp_path), "--alias", "spam-shadow"]
    assert main(learn) == 0
    (version,) = versions(models)
    assert main([*place, "alias", "spam", version]) == 0
    assert main([*place, "list"]) == 0
    listed = capsys.readouterr().out
    assert f"{version}  called spam, spam-shadow" in listed
    assert "spam_sms (240 rows)" in listed
    assert main([*place, "alias", "spam", "nothing"]) == 2
    assert main([*place, "train", "nsfw", "--data", str(tmp_path)]) == 2
    assert main([*learn[:-1], "spam-old"]) == 2
    assert versions(models) == [version]
    assert "none of safety/nsfw_reddit" in capsys.readouterr().err
