"""Logs are bounded and quotable."""

from pathlib import Path

from demo.logs import bound, last_lines, older, size


def test_a_log_that_is_too_large_is_moved_aside_while_it_is_written(tmp_path: Path) -> None:
    log = tmp_path / "api.log"
    with log.open("ab", buffering=0) as writer:
        writer.write(b"x" * 101)
        bound(log, largest=100)
        writer.write(b"next")
    assert log.read_bytes() == b"next"
    assert older(log).read_bytes() == b"x" * 101
    assert older(log) == tmp_path / "api.older.log"


def test_a_log_within_its_bound_stays(tmp_path: Path) -> None:
    log = tmp_path / "api.log"
    bound(log, largest=100)
    log.write_bytes(b"x" * 100)
    bound(log, largest=100)
    assert size(log) == 100
    assert not older(log).exists()


def test_the_last_lines_are_those_since_a_place(tmp_path: Path) -> None:
    log = tmp_path / "api.log"
    log.write_text("old\n")
    since = size(log)
    assert last_lines(log, 2, since) == []
    with log.open("a") as writer:
        writer.write("one\n\ntwo\nthree\n")
    assert last_lines(log, 2, since) == ["two", "three"]
    assert last_lines(log, 9, since) == ["one", "two", "three"]
    assert last_lines(tmp_path / "none.log", 2) == []


def test_lines_are_quoted_from_a_log_that_was_emptied_meanwhile(tmp_path: Path) -> None:
    log = tmp_path / "api.log"
    log.write_text("a\n")
    assert last_lines(log, 2, since=1000) == ["a"]
