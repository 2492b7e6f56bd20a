"""The table of posts: rows, changes in place, compaction."""

import numpy as np

from domain.moderation import ReviewStatus, SafetyScores
from domain.posts import PostCategory, PostRecord, PostStats
from services.post_table import FIRST_CAPACITY, PostTable


def record(post_id: str, revision: int = 1, **fields: object) -> PostRecord:
    given: dict[str, object] = {
        "author_id": "ann",
        "title": None,
        "text": "text",
        "url": None,
        "language": "en",
        "region": None,
        "created_at": 5.0,
        "categories": (PostCategory("music", 0.9), PostCategory("film", 0.4)),
        "hashtags": ("jazz",),
        "media": (),
        "status": ReviewStatus.AUTO_APPROVED,
        "scores": SafetyScores(spam=0.0, nsfw=0.0, quality=0.7),
    }
    return PostRecord(id=post_id, revision=revision, **(given | fields))  # pyright: ignore[reportArgumentType] - the test's own


def test_a_post_is_one_row_of_columns() -> None:
    table = PostTable()
    row = table.put(record("a"))
    table.put_stats(["a", "unknown"], [PostStats(likes=3, views=9), PostStats(likes=1)])
    columns = table.columns
    assert table.row("a") == row == 0
    assert table.row("b") == -1
    assert table.rows(["b", "a"]).tolist() == [-1, 0]
    assert table.authors.text(int(columns.author[row])) == "ann"
    assert table.categories.text(int(columns.category[row])) == "music"
    assert columns.categories[row].tolist() == [0, 1, -1]
    assert columns.confidence[row].tolist() == [0.9, 0.4, 0.0]
    assert columns.hashtags[row].tolist() == [0, -1, -1, -1, -1, -1]
    assert columns.region[row] == -1
    assert columns.quality[row] == 0.7
    assert columns.recommendable[row]
    assert table.stats([row]) == [PostStats(likes=3, views=9)]


def test_a_change_changes_the_row_and_an_older_revision_does_not() -> None:
    table = PostTable()
    row = table.put(record("a", 2))
    assert table.put(record("a", 3, status=ReviewStatus.REJECTED)) == row
    assert not table.columns.recommendable[row]
    table.put(record("a", 2))
    assert not table.columns.recommendable[row]
    assert table.record(row).revision == 3


def test_a_post_that_is_gone_is_out_of_use() -> None:
    table = PostTable()
    row = table.put(record("a"))
    table.withdraw("a")
    assert table.find("a") is None
    assert not table.columns.recommendable[row]


def test_columns_grow_with_the_posts() -> None:
    table = PostTable()
    count = FIRST_CAPACITY + 10
    for number in range(count):
        table.put(record(f"p{number}", created_at=float(number)))
    assert len(table) == count
    assert table.columns.created_at[count - 1] == count - 1
    assert table.columns.created_at[0] == 0.0


def test_compaction_keeps_what_is_held_and_what_was_used_last() -> None:
    table = PostTable()
    for number in range(6):
        table.put(record(f"p{number}"))
    table.put_stats(["p0"], [PostStats(likes=7)])
    table.touch(table.row("p2"))
    table.withdraw("p3")
    held = np.zeros(6, dtype=np.bool_)
    held[[0, 3]] = True
    made, moved = table.compacted(held, 4)
    assert [made.record(row).id for row in range(len(made))] == ["p0", "p2", "p5"]
    assert moved.tolist() == [0, -1, 1, -1, -1, 2]
    assert made.stats([0]) == [PostStats(likes=7)]
    assert table.find("p1") is not None  # whoever holds the old table goes on with it


def test_usual_engagement_is_shrunk_towards_the_mean() -> None:
    table = PostTable()
    for name, author in (("a", "ann"), ("b", "bob"), ("c", "bob")):
        table.put(record(name, author_id=author))
    table.put_stats(["a", "b", "c"], [PostStats(likes=9), PostStats(), PostStats()])
    rows = table.rows(["a", "b"])
    assert table.usual_engagement(rows).tolist() == [(9 + 2 * 3) / 3, (0 + 2 * 3) / 4]
