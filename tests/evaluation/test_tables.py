"""The tables on a small made-up folder: protocol, determinism, nothing of later, clear errors."""

import csv
import gzip
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from evaluation import ml100k, movielens, recommendations, trending
from evaluation.__main__ import main
from evaluation.data import read_stories
from evaluation.spans import Asked
from tests.ml.made_up_sets import write_spam, write_topics

START = datetime(2023, 5, 1, tzinfo=UTC).timestamp()
HOUR = 3_600.0
MAY = Asked(date(2023, 5, 1), date(2023, 5, 31))


def write_rows(path: Path, head: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with gzip.open(path, "wt", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(head)
        writer.writerows(rows)


def write_posts(path: Path, posts: Iterable[Mapping[str, object]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with gzip.open(path, "wt") as file:
        file.writelines(json.dumps(post) + "\n" for post in posts)


def post(name: str, author: str, at: float, **parts: object) -> dict[str, object]:
    created = datetime.fromtimestamp(at, UTC).isoformat()
    known = {"id": name, "author": author, "created_at": created, "category": "c", "tags": ["t"]}
    return known | {"likes": 10**6, "comments": 10**6} | parts


def write_trending(folder: Path) -> None:
    """Twelve stories; the later half wins 5 votes per half hour, the others 1."""
    stories = [f"s{number:02}" for number in range(12)]
    write_posts(folder / "hn.posts.jsonl.gz", [post(name, "a", START) for name in stories])
    snapshots = [
        (START + 1_800.0 * step, name, place, 1 + step * (5 if place >= 6 else 1), 0)
        for step in range(1, 30)
        for place, name in enumerate(stories)
    ]
    write_rows(
        folder / "hn.observations.csv.gz", ("t", "post_id", "rank", "likes", "comments"), snapshots
    )


def write_recommendations(folder: Path) -> None:
    """``fan`` comments on whatever ``star`` posts; posts of the others get no comment."""
    posts, comments = list[dict[str, object]](), list[tuple[object, ...]]()
    for day in range(30):
        at = START + day * 24 * HOUR
        posts += [post(f"o{day}.{n}", f"other{n}", at + n * 60.0) for n in range(1, 13)]
        posts.append(post(f"s{day}", "star", at))
        comments += [
            (at + 2 * HOUR, "fan", f"s{day}", "comment", 0),
            (at + 3 * HOUR, "star", f"s{day}", "comment", 1),
            (at + 3 * HOUR, "fan", f"s{day}", "comment", 0),
        ]
    write_posts(folder / "stacker.posts.jsonl.gz", posts)
    head = ("t", "user_id", "post_id", "type", "own_post")
    write_rows(folder / "stacker.interactions.csv.gz", head, comments)


def write_ratings(folder: Path) -> None:
    """Two tastes of twelve films; each person sees their own from another one on."""
    rows = [
        (person, 100 + 2 * ((place + person) % 12) + person % 2, 4.0, START + place)
        for person in range(12)
        for place in range(12)
    ]
    head = ("user_id", "item_id", "rating", "t")
    write_rows(folder / "movielens_small.ratings.csv.gz", head, rows)


@pytest.fixture(autouse=True)
def without_ml_100k(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv(ml100k.NAMED_BY, raising=False)
    monkeypatch.setattr(ml100k, "FETCHED", tmp_path / "none.inter")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("data")
    write_trending(path / "posts")
    write_recommendations(path / "posts")
    write_ratings(path / "interactions")
    write_spam(path)
    write_topics(path)
    return path


def test_trending_orders_by_what_is_rising(folder: Path) -> None:
    table = trending.evaluate(folder, MAY)
    found = {row.name: row.metrics for row in table.rows}
    assert table.cases == {"moments": 6}
    assert found["explore"] == {"ndcg@10": pytest.approx(1.0), "precision@5": 1.0}
    assert found["the site's own page"]["ndcg@10"] < 0.8
    assert [row.name for row in table.rows if row.product] == ["explore"]


def test_recommendations_follow_the_protocol_and_learn_the_fan(folder: Path) -> None:
    table = recommendations.evaluate(folder, MAY)
    found = {row.name: row.metrics for row in table.rows}
    assert table.cases == {"events": 30}
    assert found["explore"]["hr@10"] > 0.9
    assert found["explore"]["ndcg@10"] > found["comments so far"]["ndcg@10"]
    half = recommendations.evaluate(folder, Asked(date(2023, 5, 11), date(2023, 5, 20)))
    assert half.cases == {"events": 10}


def test_the_last_film_follows_from_the_ones_before(folder: Path) -> None:
    table = movielens.evaluate_latest(folder)
    found = {row.name: row.metrics for row in table.rows}
    assert table.cases == {"people": 12}
    assert found["explore"]["hr@10"] == 1.0
    assert found["explore"]["mrr"] > found["popularity"]["mrr"]


def test_the_command_prints_and_writes_the_same_twice(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["all", "--data", str(folder), "--from", "2023-05-01", "--to", "2023-05-31"]
    outputs: list[str] = []
    for name in ("one.json", "two.json"):
        assert main([*arguments, "--json", str(tmp_path / name)]) == 0
        outputs.append(capsys.readouterr().out)
    assert outputs[0] == outputs[1]
    assert "> explore" in outputs[0]
    written = (tmp_path / "one.json").read_text()
    assert written == (tmp_path / "two.json").read_text()
    tables = json.loads(written)
    names = [table["table"] for table in tables]
    assert names[:4] == ["trending", "recommendations", "movielens", "safety"]
    # Without an encoder there is nothing to tell of topics.
    assert names[4:] in (["topics", "discovery"], ["discovery"])
    explore = tables[-1]["rows"][-1]
    measures = {"coverage", "authors", "categories", "novelty", "new"}
    assert set(explore) == {"name", "product"} | measures
    assert tables[-1]["pages"] > 0
    assert 0.0 < explore["coverage"] <= 1.0
    assert tables[0]["from"] == "2023-05-01"
    assert tables[0]["moments"] == 6
    assert tables[0]["rows"][-1]["name"] == "explore"
    assert tables[0]["rows"][-1]["product"] is True
    assert set(tables[1]["rows"][0]) == {"name", "product", "hr@10", "ndcg@10", "mrr"}


def test_one_table_is_one_object(folder: Path, tmp_path: Path) -> None:
    target = tmp_path / "table.json"
    assert main(["movielens", "--data", str(folder), "--json", str(target)]) == 0
    assert json.loads(target.read_text())["set"] == "latest-small, leave-last-out"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["trending", "--data", "nowhere"], "is --data the right folder?"),
        (["safety", "--data", "nowhere"], "no *.test.csv.gz; is --data the right folder?"),
        (
            ["trending", "--data", "x", "--from", "2023-05-02", "--to", "2023-05-01"],
            "--from 2023-05-02 lies after --to 2023-05-01",
        ),
    ],
    ids=["no data", "no sets", "backwards"],
)
def test_what_cannot_be_done_is_said_in_one_line(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    error = capsys.readouterr().err
    assert message in error
    assert error.count("\n") == 1


def test_a_broken_row_is_told_with_its_file_and_line_and_skipped(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_trending(tmp_path / "posts")
    file = tmp_path / "posts" / "hn.observations.csv.gz"
    with gzip.open(file, "at") as more:
        more.write("x\nnan,s00,1,1,0\n1,s00,1,1.5,0\n")
    assert main(["trending", "--data", str(tmp_path), "--from", "2023-05-01"]) == 0
    said = capsys.readouterr()
    assert said.err.startswith(f"{file}:350: ValueError(")
    assert said.err.endswith("; rows skipped: 3 of 351\n")
    assert said.err.count("\n") == 1
    assert "6 moments" in said.out


def test_a_file_of_broken_rows_alone_is_unusable(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_trending(tmp_path / "posts")
    file = tmp_path / "posts" / "hn.observations.csv.gz"
    write_rows(file, ("t", "post_id", "rank", "likes", "comments"), [("x",)])
    assert main(["trending", "--data", str(tmp_path)]) == 2
    assert capsys.readouterr().err.startswith(f"{file}:2: ")


def test_all_tables_come_out_whose_files_are_there(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_ratings(tmp_path / "interactions")
    target = tmp_path / "tables.json"
    assert main(["all", "--data", str(tmp_path), "--json", str(target)]) == 0
    assert [table["table"] for table in json.loads(target.read_text())] == ["movielens"]
    skipped = capsys.readouterr().err.splitlines()
    assert len(skipped) >= 5
    assert all(line.startswith("skipped: ") for line in skipped)
    nowhere = tmp_path / "nowhere"
    assert main(["all", "--data", str(nowhere), "--json", str(target)]) == 2
    said = capsys.readouterr().err
    assert said == f"{nowhere} is no folder: name the one with posts/ and so on\n"


def test_a_file_that_cannot_be_written_is_told_before_the_work(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_ratings(tmp_path / "interactions")
    target = tmp_path / "nowhere" / "tables.json"
    assert main(["movielens", "--data", str(tmp_path), "--json", str(target)]) == 2
    said = capsys.readouterr()
    assert said.err == f"{target.parent} is no folder: --json needs one that is there\n"
    assert said.out == ""


@pytest.mark.parametrize(
    ("given", "span"),
    [
        ([], ("2023-05-01", "2023-05-01")),
        (["--from", "2023-04-30"], ("2023-04-30", "2023-05-01")),
        (["--to", "2023-05-01"], ("2021-05-01", "2023-05-01")),
        (["--to", "2021-04-01"], ("2021-04-01", "2021-04-01")),
    ],
    ids=["none", "from after the default", "to after the default", "to before all"],
)
def test_a_missing_end_of_the_span_comes_from_the_data(
    folder: Path,
    tmp_path: Path,
    given: Sequence[str],
    span: tuple[str, str],
    capsys: pytest.CaptureFixture[str],
) -> None:
    target = tmp_path / "table.json"
    assert main(["trending", "--data", str(folder), "--json", str(target), *given]) == 0
    table = json.loads(target.read_text())
    assert (table["from"], table["to"]) == span
    said = capsys.readouterr().err
    if given == []:
        assert said == (
            "no observations from 2021-05-01 to 2022-04-30: "
            "testing the data's 2023-05-01 to 2023-05-01\n"
        )
    elif table["moments"]:
        assert said == ""
    else:
        assert said == (
            "no observations from 2021-04-01 to 2021-04-01; "
            "the data have 2023-05-01 to 2023-05-01\n"
            "trending: no moments, so that its numbers say nothing\n"
        )


def test_recommendations_of_other_times_are_tested_on_their_later_half(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    start = datetime(2020, 1, 1, tzinfo=UTC).timestamp()
    days = [start + day * 24 * HOUR for day in range(31)]
    posts = tmp_path / "posts"
    stories = [post(f"s{at}.{n}", f"a{n}", at + n) for at in days for n in range(3)]
    write_posts(posts / "stacker.posts.jsonl.gz", stories)
    comments = [(at + HOUR, "fan", f"s{at}.1", "comment", 0) for at in days]
    head = ("t", "user_id", "post_id", "type", "own_post")
    write_rows(posts / "stacker.interactions.csv.gz", head, comments)
    table = recommendations.evaluate(tmp_path)
    assert (table.start, table.end) == ("2020-01-16", "2020-01-31")
    assert table.cases == {"events": 16}
    assert capsys.readouterr().err == (
        "no comments from 2023-05-01 to 2023-06-30: testing the data's 2020-01-16 to 2020-01-31, "
        "their last 61 days, at most their later half\n"
    )


def test_a_comment_of_the_author_under_another_flag_is_no_case(tmp_path: Path) -> None:
    posts = tmp_path / "posts"
    zoneless = post("p", "me", START) | {"created_at": "2023-05-01T00:00:00"}
    write_posts(posts / "stacker.posts.jsonl.gz", [zoneless, post("q", "you", START)])
    head = ("t", "user_id", "post_id", "type", "own_post")
    comments = [(START + HOUR, "me", "p", "comment", 0), (START + HOUR, "me", "q", "comment", 0)]
    write_rows(posts / "stacker.interactions.csv.gz", head, comments)
    assert recommendations.evaluate(tmp_path, MAY).cases == {"events": 1}
    (first, _) = read_stories(posts / "stacker.posts.jsonl.gz")
    assert first.created_at == START  # UTC, where no zone is said
