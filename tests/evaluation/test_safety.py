"""The tables of safety and topics over made-up folders."""

from collections.abc import Callable
from pathlib import Path

import pytest

from evaluation import safety, topics
from evaluation.data import UnusableData
from evaluation.tables import Row, Table
from evaluation.tfidf_reference import installed
from ml.models import Models
from ml.shelf import Shelf
from ml.training.run import train
from tests.ml.made_up_sets import (
    LetterEncoder,
    write_accounts,
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
