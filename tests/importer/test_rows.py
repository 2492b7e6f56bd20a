"""Good rows come out typed; each bad one is reported with its file, its line and why."""

import gzip
import re
from pathlib import Path

import pytest

from importer.checked_rows import read_rows
from importer.files import ImportFile, Kind, digest_of, find_files
from importer.reading import LONGEST_LINE
from importer.rows import ObservationRow, PostRow, Row, UserRow
from runtime.start import CannotStart
from tests.importer.folders import post_line, write_lines

NOON = "2024-05-01T12:00:00Z"


def _read(path: Path, kind: Kind) -> tuple[list[tuple[int, Row]], list[tuple[int, str]]]:
    bad: list[tuple[int, str]] = []
    rows = list(
        read_rows(ImportFile(path, kind, b""), lambda _p, line, why: bad.append((line, why)))
    )
    return rows, bad


def test_a_folder_is_read_by_kinds_in_an_order_that_names_do_not_decide(tmp_path: Path) -> None:
    orders: list[list[tuple[Kind, bytes]]] = []
    for folder, names in (("one", "ab"), ("two", "ba")):
        (tmp_path / folder).mkdir()
        write_lines(tmp_path / folder, "notes.txt", [])
        write_lines(tmp_path / folder, "users.csv.gz", [])
        for name, line in zip(names, ("first", "second"), strict=True):
            write_lines(tmp_path / folder, f"{name}.posts.jsonl.gz", [line])
        orders.append([(file.kind, file.content) for file in find_files(tmp_path / folder)])
    assert orders[0] == orders[1]
    assert [kind for kind, _ in orders[0]] == [Kind.USERS, Kind.POSTS, Kind.POSTS]


def test_a_folder_that_is_not_there_or_empty_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CannotStart, match="is not a folder: name the one that holds"):
        find_files(tmp_path / "nowhere")
    with pytest.raises(CannotStart, match=r"nothing to import: it needs files named \*\.users"):
        find_files(tmp_path)


def test_folders_within_one_that_has_nothing_are_named(tmp_path: Path) -> None:
    for name in ("posts", "safety", "fixture"):
        (tmp_path / name).mkdir()
    (tmp_path / "posts" / "hn.posts.jsonl.gz").write_bytes(b"")
    (tmp_path / "fixture" / "users.csv.gz").write_bytes(b"")
    remedy = f"name {tmp_path}/fixture or {tmp_path}/posts"
    with pytest.raises(CannotStart, match=re.escape(f"nothing to import: {remedy}")):
        find_files(tmp_path)


def test_the_digest_names_the_content_wherever_it_lies_and_however_it_is_packed(
    tmp_path: Path,
) -> None:
    def digest(folder: str, name: str, content: bytes) -> str:
        (tmp_path / folder).mkdir()
        (tmp_path / folder / name).write_bytes(content)
        return digest_of(find_files(tmp_path / folder))

    line = post_line("t:1", NOON).encode()
    small = gzip.compress(line, 9, mtime=0)
    first = digest("first", "posts.jsonl.gz", small)
    assert digest("renamed", "source.posts.jsonl.gz", small) == first
    assert digest("packed", "posts.jsonl.gz", gzip.compress(line, 0, mtime=1)) == first
    others = {
        digest("other", "posts.jsonl.gz", gzip.compress(line + b" ")),
        digest("kind", "users.csv.gz", small),
        digest("broken", "posts.jsonl.gz", small[:-9]),
        digest("shorter", "posts.jsonl.gz", small[:-10]),
        digest("no-gzip", "posts.jsonl.gz", line),
    }
    assert len(others | {first}) == 6


def test_what_editors_put_before_the_first_line_is_no_part_of_it(tmp_path: Path) -> None:
    mark = b"\xef\xbb\xbf"
    first = mark + post_line("t:1", NOON).encode() + b"\r"
    posts = write_lines(tmp_path, "posts.jsonl.gz", [first, post_line("t:2", NOON)])
    rows, bad = _read(posts, Kind.POSTS)
    assert [row.id for _, row in rows if isinstance(row, PostRow)] == ["t:1", "t:2"]
    users = write_lines(
        tmp_path, "users.csv.gz", [mark + b"user_id,name,followers\r", "t:a,A,1\r"]
    )
    people, worse = _read(users, Kind.USERS)
    assert [row.user_id for _, row in people if isinstance(row, UserRow)] == ["t:a"]
    assert (bad, worse) == ([], [])


def test_posts_are_read_and_bad_ones_reported_with_line_and_reason(tmp_path: Path) -> None:
    path = write_lines(
        tmp_path,
        "posts.jsonl.gz",
        [
            post_line("t:1", NOON, likes=3, tags=["One"], nsfw=True),
            "{broken",
            post_line("t:2", "yesterday"),
            post_line("t:3", NOON, title=None, text="  "),
            post_line("t:4", NOON, author=None),
            post_line("t:5", NOON, likes="many"),
            post_line("t:6", "2150-01-01T00:00:00Z"),
            b'{"id": "t:7", "created_at": "2024-05-01T12:00:00Z", "title": "\xff"}',
            "",
            post_line("t:8", NOON, title=None, text="A text", unknown="field"),
            '{"created_at": "2024-05-01T12:00:00Z"}',
            post_line("t:9", NOON, text="a\0b"),
        ],
    )
    rows, bad = _read(path, Kind.POSTS)
    assert [(line, row.id) for line, row in rows if isinstance(row, PostRow)] == [
        (1, "t:1"),
        (10, "t:8"),
    ]
    assert [line for line, _ in bad] == [2, 3, 4, 5, 6, 7, 8, 11, 12]
    reasons = dict(bad)
    assert "JSON is malformed" in reasons[2]
    assert reasons[3] == "Invalid RFC3339 encoded datetime - at `$.created_at`"
    assert reasons[4] == "has neither a title nor a text"
    assert reasons[5] == "has neither an author nor a tag to name one by"
    assert reasons[6] == "Expected `int | null`, got `str` - at `$.likes`"
    assert reasons[7] == "the time lies outside 1970 to 2100"
    assert reasons[12] == "has a NUL character, which no store keeps"
    assert reasons[11] == "Object missing required field `id`"


def test_tables_are_read_by_their_header(tmp_path: Path) -> None:
    path = write_lines(
        tmp_path,
        "observations.csv.gz",
        [
            "t,region,post_id,rank,views,likes,comments",
            "1650000000,DE,t:1,4,100,5,",
            "1650000001,,t:1,4,,x,1",
            "1650000002,t:1",
            b"1650000003,,\xff,1,2,3,4",
            '1650000004,,"t:1"x,1,2,3,4',
            "soon,,t:1,1,2,3,4",
            "1650000005,,,1,2,3,4",
            "1650000006,,t:2,,,99999999999999999999,",
            "1650000007,FR,t:2,1,7,8,9",
        ],
    )
    rows, bad = _read(path, Kind.OBSERVATIONS)
    assert rows == [
        (2, ObservationRow(1_650_000_000.0, "t:1", "DE", likes=5, comments=None, views=100)),
        (10, ObservationRow(1_650_000_007.0, "t:2", "FR", likes=8, comments=9, views=7)),
    ]
    assert bad == [
        (3, "likes is not a whole number"),
        (4, "has 2 fields, the header 7"),
        (5, "the line is not UTF-8"),
        (6, "not a CSV row (',' expected after '\"')"),
        (7, "t is not a time"),
        (8, "post_id is empty"),
        (9, "likes is too large"),
    ]


def test_a_quote_that_nobody_closed_costs_its_row_alone(tmp_path: Path) -> None:
    path = write_lines(
        tmp_path,
        "users.csv.gz",
        [
            "user_id,name",
            't:1,"Ann',  # up to the next quote
            't:2,"Bob, the second"',
            't:3,"Cy',
            't:4,"',  # closes the one before: one row of too few fields
            "t:5,",
            't:6,"Dee',
            *(f"t:{number}," for number in range(100_000, 120_000)),  # more than a field may hold
            't:7,"two',
            'lines, and ""quotes"""',
            "t:8,Eve,too many",
            't:9,"Fay',  # up to the end
            "t:10,Gil",
        ],
    )
    rows, bad = _read(path, Kind.USERS)
    many = [UserRow(f"t:{number}", "", None) for number in range(100_000, 120_000)]
    assert [row for _, row in rows] == [
        UserRow("t:2", "Bob, the second", None),
        UserRow("t:3", "Cy\nt:4,", None),
        UserRow("t:5", "", None),
        *many,
        UserRow("t:7", 'two\nlines, and "quotes"', None),
        UserRow("t:10", "Gil", None),
    ]
    assert [line for line, _ in rows][-3:] == [20_007, 20_008, 20_012]
    assert bad == [
        (2, "not a CSV row (',' expected after '\"')"),
        (7, "not a CSV row (field larger than field limit (131072))"),
        (20_010, "has 3 fields, the header 2"),
        (20_011, "not a CSV row (unexpected end of data)"),
    ]


def test_lines_that_a_row_of_too_many_fields_swallowed_are_read_again(tmp_path: Path) -> None:
    path = write_lines(
        tmp_path, "users.csv.gz", ["user_id,name", 't:1,"Ann', 't:2,",more', "t:3,Cy"]
    )
    rows, bad = _read(path, Kind.USERS)
    assert rows == [(4, UserRow("t:3", "Cy", None))]
    assert bad == [
        (2, "has 3 fields, the header 2"),
        (3, "not a CSV row (unexpected end of data)"),
    ]


def test_a_row_with_a_nul_is_reported(tmp_path: Path) -> None:
    path = write_lines(tmp_path, "users.csv.gz", ["user_id,name", "t:1,A\0nn", "t:2,Bob"])
    assert _read(path, Kind.USERS) == (
        [(3, UserRow("t:2", "Bob", None))],
        [(2, "has a NUL character, which no store keeps")],
    )


def test_a_header_without_what_is_needed_is_one_complaint(tmp_path: Path) -> None:
    path = write_lines(tmp_path, "follows_derived.csv.gz", ["t,follower", "1,a", "2,b"])
    assert _read(path, Kind.FOLLOWS) == ([], [(1, "the header lacks follower_id, followee_id")])


def test_columns_that_a_source_does_not_have_are_unknown_not_zero(tmp_path: Path) -> None:
    path = write_lines(tmp_path, "users.csv.gz", ["user_id,name", 't:1,"Ann, the first"'])
    assert _read(path, Kind.USERS) == ([(2, UserRow("t:1", "Ann, the first", None))], [])


def test_a_file_that_breaks_off_keeps_what_came_before(tmp_path: Path) -> None:
    path = tmp_path / "posts.jsonl.gz"
    lines = "\n".join(post_line(f"t:{n}", NOON) for n in range(400)).encode()
    path.write_bytes(gzip.compress(lines)[:-400])
    rows, bad = _read(path, Kind.POSTS)
    assert 0 < len(rows) < 400
    assert [line for line, _ in bad] == [len(rows) + 1] or len(bad) == 2  # a cut last line
    assert bad[-1][1].startswith("the file cannot be read on from here")


def test_a_file_that_is_not_gzipped_says_so(tmp_path: Path) -> None:
    path = tmp_path / "posts.jsonl.gz"
    path.write_text(post_line("t:1", NOON), encoding="utf-8")
    rows, bad = _read(path, Kind.POSTS)
    assert rows == []
    assert len(bad) == 1
    assert "Not a gzipped file" in bad[0][1]


def test_an_endless_line_costs_no_more_than_its_limit(tmp_path: Path) -> None:
    path = write_lines(
        tmp_path, "posts.jsonl.gz", [b"x" * (3 * LONGEST_LINE), post_line("t:1", NOON)]
    )
    rows, bad = _read(path, Kind.POSTS)
    assert [line for line, _ in rows] == [2]
    assert bad == [(1, "the line is longer than 900,000 bytes")]
