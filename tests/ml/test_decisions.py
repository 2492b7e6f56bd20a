"""Moderators' decisions: as labels for training, and as the truth in comparisons."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from domain.classification import Answer, Comparison, LastWord
from domain.events import Decision
from domain.moderation import SafetyScores
from domain.ports.moderation import Review
from ml.__main__ import main
from ml.artifacts import ModelRefused, promote, read_aliases
from ml.comparing import Compared, report
from ml.database import export_labels, read_comparisons
from ml.training.data_sets import UnreadableSet
from ml.training.examples import gather
from ml.training.labels import labels_of, read_labels, write_labels
from ml.training.recipes import SPAM
from ml.training.run import train
from stores.postgres_labels import DecidedPost
from stores.postgres_moderation import PostgresModeration
from stores.postgres_moderation_upkeep import PostgresModerationUpkeep
from stores.postgres_pool import PostgresPool, open_pool
from stores.postgres_posts import PostgresPosts
from stores.postgres_shadow_scores import PostgresShadowScores
from tests.contracts.events import NOON, ingestion, moderation
from tests.ml.made_up_sets import write_spam, write_table


@pytest.mark.parametrize(
    ("decision", "reason", "labels"),
    [
        (Decision.APPROVE, "sensitive, permitted", {"spam": 0, "toxicity": 0}),
        (Decision.REJECT, "Spam, again", {"spam": 1}),
        (Decision.SHADOW_BAN, "hateful and abusive", {"toxicity": 1}),
        (Decision.REJECT, "no", {"nsfw": 1}),  # what was doubted
        (Decision.ESCALATE, "spam?", {}),
        (Decision.CLEAR, "a mistake", {}),
    ],
)
def test_what_a_decision_teaches(decision: Decision, reason: str, labels: dict[str, int]) -> None:
    scores = SafetyScores(spam=0.1, nsfw=0.6)
    assert labels_of(LastWord(decision, reason, scores)) == labels


def test_an_approval_is_a_counterexample_for_what_was_not_sensitive() -> None:
    for nsfw in (None, 0.49):
        word = LastWord(Decision.APPROVE, "it is fine", SafetyScores(spam=0.6, nsfw=nsfw))
        assert labels_of(word) == {"spam": 0, "toxicity": 0, "nsfw": 0}


async def test_labels_are_written_read_and_weighed(tmp_path: Path) -> None:
    async def decided() -> AsyncIterator[DecidedPost]:
        word = LastWord(Decision.REJECT, "spam", SafetyScores())
        yield DecidedPost("p", word, "a title", "a text", ("tag",))

    path = tmp_path / "labels.csv.gz"
    assert await write_labels(path, decided()) == 1
    assert read_labels(path, "nsfw").texts == []
    own = read_labels(path, "spam")
    assert (own.texts, own.labels) == (["a title\na text\n#tag"], ["1"])
    write_spam(tmp_path)
    examples = gather(SPAM, tmp_path, licensed=True, labels=path)
    assert examples.texts[-1] == own.texts[0]
    share = examples.weights[-1] / examples.weights[examples.classes == 1][:-1].sum()
    assert share == pytest.approx(1 / 500)  # few decisions do not outweigh a set
    assert [rows.source.name for rows in examples.rows] == ["spam_sms", "decisions"]


def test_other_files_are_no_labels(tmp_path: Path) -> None:
    path = tmp_path / "labels.csv.gz"
    write_table(path, [{"id": 1, "text": "x"}])
    with pytest.raises(UnreadableSet, match="columns other than"):
        read_labels(path, "spam")


@pytest.mark.integration
async def test_what_people_decided_is_exported_and_judges_shadows(
    postgres: PostgresPool,
    migrated_database: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    posts, decisions = PostgresPosts(postgres), PostgresModeration(postgres)
    await posts.ingest([ingestion(f"p{n}", content=f"text {n}") for n in range(4)])
    await posts.moderate([moderation(f"p{n}", spam_score=0.6) for n in range(4)])
    for number, decision in enumerate((Decision.REJECT, Decision.APPROVE, Decision.REJECT)):
        await decisions.decide(f"p{number}", Review(NOON, "mo", decision, "because", None))
    await decisions.decide("p2", Review(NOON + 1, "mo", Decision.CLEAR, "wrong", None))
    await decisions.decide("p3", Review(NOON, "mo", Decision.SHADOW_BAN, "spam", None))
    ended = await PostgresModerationUpkeep(postgres).end_bans(
        before=NOON + 2, at=NOON + 2, limit=9
    )
    assert ended == 1  # a ban that has run out was deserved all the same
    monkeypatch.setenv("EXPLORE_POSTGRES_DSN", migrated_database)
    path = tmp_path / "labels.csv.gz"
    assert await export_labels(path) == 5
    assert read_labels(path, "spam").labels == ["1", "0", "1"]

    def comparison(shadow: float) -> Comparison:
        return Comparison(
            "spam", Answer("new", shadow, "positive"), Answer("old", 0.6, "positive")
        )

    shadows = PostgresShadowScores(postgres)
    await shadows.add({f"p{n}": [comparison(0.9 - n / 4)] for n in range(4)})
    found = await read_comparisons("spam", "new")
    assert [one.truth for one in found] == [True, False, None, True]
    assert found[0].comparison == comparison(0.9)
    assert report(found).splitlines() == [
        "spam: new in shadow of old",
        "  posts           4",
        "  mean difference 0.2500, above 0.2: 50.0%",
        "  harmless        0 now, 2 then (2 in, 0 out)",
        "  uncertain       4 now, 1 then (0 in, 3 out)",
        "  withheld        0 now, 1 then (1 in, 0 out)",
        "  AUC on the 3 that people decided: live 0.5000, shadow 0.5000",
    ]


def test_topics_are_compared_by_their_best_labels() -> None:
    def one(label: str) -> Compared:
        return Compared(
            "p", Comparison("topics", Answer("new", 0.5, label), Answer("old", 0.4, "cars"))
        )

    assert report([one("cars"), one("birds")]).splitlines()[-1] == "  same best label 50.0%"
    assert report([]).startswith("nothing compared yet")


def test_a_promoted_model_ends_its_run_in_shadow(tmp_path: Path) -> None:
    write_spam(tmp_path)
    folder = tmp_path / "models"
    version = train(
        "spam", tmp_path, folder, licensed=True, encoder=None, alias="spam-shadow"
    ).version
    with pytest.raises(ModelRefused, match="is a model of spam"):
        promote(folder, "nsfw", version)
    promote(folder, "spam", version)
    assert read_aliases(folder) == {"spam": version}
    (folder / f"{version}.npz").write_bytes(b"another")
    with pytest.raises(ModelRefused, match="hash"):
        promote(folder, "spam", version)


@pytest.mark.integration
def test_what_was_compared_with_nothing_is_not_promoted(
    migrated_database: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("EXPLORE_POSTGRES_DSN", migrated_database)
    write_spam(tmp_path)
    models = tmp_path / "models"
    place = ["--models", str(models)]
    assert main([*place, "train", "spam", "--data", str(tmp_path), "--licensed"]) == 0
    first = read_aliases(models)["spam"]  # there was none to run beside
    write_spam(tmp_path, "spam_youtube")
    assert main([*place, "train", "spam", "--data", str(tmp_path)]) == 0
    second = read_aliases(models)["spam-shadow"]
    assert read_aliases(models) == {"spam": first, "spam-shadow": second}
    assert main([*place, "promote", "spam", second]) == 2
    assert "compared with nothing" in capsys.readouterr().err
    assert read_aliases(models)["spam"] == first
    assert main([*place, "promote", "spam", second, "--force"]) == 0
    assert read_aliases(models) == {"spam": second}
    answer = Answer(first, 0.5, "positive")
    compared = Comparison("spam", answer, Answer(second, 0.5, "positive"))
    asyncio.run(_compared(migrated_database, compared))
    assert main([*place, "promote", "spam", first]) == 0
    assert read_aliases(models) == {"spam": first}


async def _compared(database: str, comparison: Comparison) -> None:
    pool = await open_pool(database, timeout=10.0, size=1)
    await PostgresShadowScores(pool).add({"p": [comparison]})
    await pool.close()
