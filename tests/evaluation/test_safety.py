"""The tables of safety and topics over made-up folders."""

import gzip
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from domain.classification import Material
from evaluation import safety, topics
from evaluation.classifiers import shipped_models
from evaluation.data import UnusableData
from evaluation.tables import Row, Table, as_json
from evaluation.tfidf_reference import installed
from ml.artifacts import read_manifest
from ml.classifier import Classifier
from ml.models import TEXT_MODELS, Models, open_models
from ml.shelf import Shelf
from ml.training.data_sets import SPAM_SMS, Part, read_rows
from ml.training.run import train
from tests.ml.made_up_sets import (
    LetterEncoder,
    write_accounts,
    write_all,
    write_spam,
    write_table,
    write_topics,
)


def product(table: Table) -> Row:
    (row,) = [row for row in table.rows if row.product]
    return row


def test_a_table_per_set_with_the_product_last(tmp_path: Path) -> None:
    write_spam(tmp_path)
    write_spam(tmp_path, "spam_youtube")
    write_accounts(tmp_path)
    train("spam", tmp_path, tmp_path / "models", licensed=True, encoder=None, alias="spam")
    shipped = Models(spam=Shelf(tmp_path / "models").text_model("spam"))
    tables = safety.measure(tmp_path, shipped, None)
    assert [table.set for table in tables] == ["spam_sms", "spam_youtube", "fake_accounts"]
    for table in tables:
        assert table.rows[-1] is product(table)
        assert product(table).metrics["auc"] == 1.0
    names = [row.name for row in tables[0].rows]
    assert names[-2:] == ["explore, shipped model", "explore"]
    assert ("TF-IDF + logistic regression" in names) is installed()
    assert tables[0].plain()["texts"] == 80
    assert tables[0].plain()["set"] == "spam_sms"


def test_bands_are_those_of_the_scores_that_posts_get(tmp_path: Path) -> None:
    write_spam(tmp_path)
    train("spam", tmp_path, tmp_path / "models", licensed=True, encoder=None, alias="spam")
    model = Shelf(tmp_path / "models").text_model("spam")
    rows = read_rows(SPAM_SMS, tmp_path, Part.TEST)
    (table,) = safety.measure(tmp_path, Models(spam=model), None)
    answers = Classifier(Models(spam=model)).classify([Material(text=one) for one in rows.texts])
    withheld = [(one.scores.spam or 0.0) > 0.8 for one in answers]
    assert np.mean(withheld) > 0.0
    shipped, own = table.bands
    assert (shipped.name, shipped.product) == ("explore, shipped model", False)
    assert (own.name, own.product) == ("explore", True)
    assert shipped.metrics["withheld"] == pytest.approx(np.mean(withheld))
    assert shipped.metrics["withheld_precision"] == 1.0
    points = read_manifest(tmp_path / "models", model.version).thresholds
    flagged = np.mean([(one.scores.spam or 0.0) >= 0.7 for one in answers])
    assert points[1].flagged == pytest.approx(flagged, abs=1e-4)
    plain = table.plain()["bands"]
    assert isinstance(plain, list)
    assert "as served" in table.text()


@pytest.mark.parametrize("encoder", [None, LetterEncoder()], ids=["no encoder", "encoder"])
def test_with_test_files_alone_the_shipped_model_is_the_product(
    tmp_path: Path, encoder: LetterEncoder | None, capsys: pytest.CaptureFixture[str]
) -> None:
    write_all(tmp_path)
    write_accounts(tmp_path)
    models = tmp_path / "models"
    for name in TEXT_MODELS:
        train(name, tmp_path, models, licensed=True, encoder=LetterEncoder(), alias=name)
    for path in tmp_path.rglob("*.train.csv.gz"):
        path.unlink()
    shipped = replace(open_models(Shelf(models), LetterEncoder)[0], encoder=encoder)
    tables = [
        *safety.measure(tmp_path, shipped, encoder),
        *topics.measure(tmp_path, shipped, encoder),
    ]
    marked = {table.set: [row.name for row in table.rows if row.product] for table in tables}
    encoded = ["explore, shipped model"] if encoder else []
    assert marked == {
        "spam_sms": ["explore, shipped model"],
        "toxicity_davidson": encoded,
        "nsfw_reddit": encoded,
        "clickbait": ["explore, shipped model"],
        "fake_accounts": [],
        "reddit": encoded,
    }
    assert all(table.text() for table in tables)
    assert json.loads(as_json(tables, together=True))[4]["rows"] == []
    assert "no model is shipped" in capsys.readouterr().err


def test_sets_of_one_class_or_without_rows_leave_untold_what_cannot_be_told(
    tmp_path: Path,
) -> None:
    write_spam(tmp_path)
    write_spam(tmp_path, "spam_youtube")
    write_accounts(tmp_path)
    write_table(
        tmp_path / "safety/spam_sms.test.csv.gz", [{"id": 1, "label": 0, "text": "at the lake"}]
    )
    path = tmp_path / "safety/spam_youtube.test.csv.gz"
    with gzip.open(path, "wt") as file:
        file.write("id,label,text\n")
    accounts = tmp_path / "safety/fake_accounts.train.csv.gz"
    with gzip.open(accounts, "rt") as file:
        head, genuine, *_ = file.readlines()
    with gzip.open(accounts, "wt") as file:
        file.writelines([head, genuine])
    tables = safety.measure(tmp_path, Models(), None)
    told = json.loads(as_json(tables, together=True))
    assert [len(one["rows"]) for one in told] == [1 + installed(), 0, 0]
    (own,) = [row for row in told[0]["rows"] if row["product"]]
    assert own["auc"] is None
    assert own["accuracy"] == 1.0
    assert told[0]["bands"][-1]["low"] == 1.0
    assert "withheld_precision" not in told[0]["bands"][-1]  # nothing is
    assert told[1]["texts"] == 0


def test_labels_that_are_no_labels_are_told_in_a_line(tmp_path: Path) -> None:
    write_spam(tmp_path)
    write_table(
        tmp_path / "safety/spam_sms.test.csv.gz", [{"id": 1, "label": "often", "text": "x"}]
    )
    with pytest.raises(UnusableData, match="often"):
        safety.measure(tmp_path, Models(), None)


def test_a_missing_reference_is_told_with_its_remedy(capsys: pytest.CaptureFixture[str]) -> None:
    shipped_models(Shelf())
    told = "no reference rows: scikit-learn is not installed: `make .venv/.evaluation`"
    assert (told in capsys.readouterr().err) is not installed()


def test_accounts_are_also_told_by_what_the_product_knows(tmp_path: Path) -> None:
    write_accounts(tmp_path)
    (table,) = safety.measure(tmp_path, Models(), None)
    assert [row.name for row in table.rows][1:] == [
        "explore, of what it knows of accounts",
        "explore",
    ]
    assert table.rows[1].metrics["auc"] == 1.0
    assert table.bands[0].metrics["withheld"] == 0.5


def test_the_same_folder_gives_the_same_figures(tmp_path: Path) -> None:
    write_spam(tmp_path)
    assert safety.measure(tmp_path, Models(), None) == safety.measure(tmp_path, Models(), None)


def test_topics_have_accuracy_macro_f1_and_top3(tmp_path: Path) -> None:
    write_topics(tmp_path)
    (table,) = topics.measure(tmp_path, Models(), LetterEncoder())
    assert product(table).metrics == {"accuracy": 1.0, "macro_f1": 1.0, "top3": 1.0}


def test_a_topic_that_was_never_learned_is_always_wrong(tmp_path: Path) -> None:
    write_topics(tmp_path)
    write_table(
        tmp_path / "topics/reddit.test.csv.gz",
        [{"id": 1, "category": "boats", "subreddit": "x", "title": "owl"}],
    )
    (table,) = topics.measure(tmp_path, Models(), LetterEncoder())
    assert product(table).metrics == {"accuracy": 0.0, "macro_f1": 0.0, "top3": 0.0}


def test_a_set_that_needs_an_encoder_has_no_product_row_without_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_topics(tmp_path)
    tables = topics.measure(tmp_path, Models(), None)
    assert not [row for table in tables for row in table.rows if row.product]
    assert "requirements/runtime.txt" in capsys.readouterr().err


@pytest.mark.parametrize("measure", [safety.measure, topics.measure], ids=["safety", "topics"])
def test_a_folder_without_the_files_is_refused(
    tmp_path: Path, measure: Callable[[Path, Models, None], list[Table]]
) -> None:
    with pytest.raises(UnusableData, match="right folder"):
        measure(tmp_path, Models(), None)


def test_a_broken_file_is_named(tmp_path: Path) -> None:
    write_spam(tmp_path)
    path = tmp_path / "safety/spam_sms.test.csv.gz"
    path.write_bytes(b"no archive")
    with pytest.raises(UnusableData, match="spam_sms.test"):
        safety.measure(tmp_path, Models(), None)
