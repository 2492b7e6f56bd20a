"""Facts come in the order of time, each source's clock shifted by itself, in bounded memory."""

import random
from collections.abc import Sequence
from pathlib import Path

import pytest

from domain.events import Event
from importer import sorting
from importer.events import Storyteller
from importer.files import ImportFile, Kind, digest_of, find_files
from importer.rows import ObservationRow
from importer.sorting import Timed, by_time
from importer.survey import Survey, take_survey
from importer.timeline import Calendar, Fact, count_facts, facts
from tests.importer.folders import post_line, write_lines

AS_OF = 1_800_000_000.0


def _refuse(path: Path, line: int, why: str) -> None:
    pytest.fail(f"{path}:{line}: {why}")


def _surveyed(folder: Path) -> tuple[list[ImportFile], Survey]:
    files = find_files(folder)
    return files, take_survey(files, _refuse)


def _names(told: Sequence[Fact]) -> list[tuple[float, str]]:
    kinds = [(fact.at, type(fact.row).__name__ + ("+" if fact.is_final else "")) for fact in told]
    return [(at, name.removesuffix("Row")) for at, name in kinds]


def test_each_source_ends_at_as_of_by_its_own_clock(tmp_path: Path) -> None:
    write_lines(
        tmp_path,
        "posts.jsonl.gz",
        [
            post_line("a:1", "2020-01-01T00:00:00Z"),
            post_line("a:2", "2020-01-01T02:00:00Z"),
            post_line("b:1", "1999-01-01T00:00:00Z"),
            post_line("b:2", "1999-01-01T00:10:00Z"),
        ],
    )
    write_lines(
        tmp_path, "interactions.csv.gz", ["t,user_id,post_id,type", "1577844000,a:u,a:2,comment"]
    )
    files, survey = _surveyed(tmp_path)
    told = list(facts(files, survey, Calendar(AS_OF, survey.newest)))
    assert _names(told) == [
        (AS_OF - 7_200.0, "Post"),  # a:1, two hours before the comment
        (AS_OF - 3_600.0, "PostRow+"),
        (AS_OF - 600.0, "Post"),  # b:1
        (AS_OF, "Post"),  # a:2
        (AS_OF, "Post"),  # b:2
        (AS_OF, "PostRow+"),  # final counts never lie after the newest fact
        (AS_OF, "PostRow+"),
        (AS_OF, "PostRow+"),
        (AS_OF, "Interaction"),
    ]
    assert len(told) == count_facts(files, survey)


def test_without_a_shift_times_stay(tmp_path: Path) -> None:
    write_lines(tmp_path, "posts.jsonl.gz", [post_line("a:1", "2020-01-01T00:00:00Z")])
    files, survey = _surveyed(tmp_path)
    told = list(facts(files, survey, Calendar(None, survey.newest)))
    assert [fact.at for fact in told] == [1_577_836_800.0, 1_577_836_800.0]


def test_users_come_before_everything(tmp_path: Path) -> None:
    write_lines(tmp_path, "posts.jsonl.gz", [post_line("a:1", "1970-01-01T00:00:00Z")])
    write_lines(tmp_path, "users.csv.gz", ["user_id,name", "a:author,Ann"])
    files, survey = _surveyed(tmp_path)
    first = next(facts(files, survey, Calendar(None, survey.newest)))
    assert files[first.file].kind is Kind.USERS


def test_rows_out_of_order_are_sorted_beyond_what_memory_holds(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sorting, "RUN", 7)
    rows = [
        Timed(float(n // 3), n, ObservationRow(n, f"a:{n}", "", n, None, None)) for n in range(100)
    ]
    shuffled = random.Random(1).sample(rows, len(rows))
    assert list(by_time(iter(shuffled), ObservationRow)) == rows


def test_an_unordered_file_is_told_in_order(tmp_path: Path) -> None:
    hours = list(range(24))
    random.Random(2).shuffle(hours)
    write_lines(
        tmp_path,
        "posts.jsonl.gz",
        [post_line(f"a:{hour}", f"2020-01-01T{hour:02}:00:00Z") for hour in hours],
    )
    files, survey = _surveyed(tmp_path)
    assert not survey.files[0].ordered
    told = [fact.at for fact in facts(files, survey, Calendar(None, survey.newest))]
    assert told == sorted(told)


def test_the_same_files_tell_the_same_story(tmp_path: Path) -> None:
    lines = [
        post_line("a:1", "2020-01-01T00:00:00Z", likes=9, comments=2),
        post_line("a:2", "2020-01-01T00:00:00Z", likes=1),
    ]
    write_lines(tmp_path, "posts.jsonl.gz", lines)

    def story() -> list[Sequence[Event]]:
        files, survey = _surveyed(tmp_path)
        teller = Storyteller(survey, digest_of(files))
        return [teller.tell(fact) for fact in facts(files, survey, Calendar(AS_OF, survey.newest))]

    assert story() == story()
