"""Where a demo keeps what: imported data apart from the demo world, one folder for each."""

from pathlib import Path

import pytest

from demo.content import OtherContent, check_content, note_content
from demo.engines.selection import Kind
from demo.options import Options


def test_each_content_has_a_folder_of_its_own(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    folders = {
        Options().state_folder(),
        Options(engines=Kind.REAL).state_folder(),
        Options(data=one).state_folder(),
        Options(data=other).state_folder(),
        Options(data=one, engines=Kind.REAL).state_folder(),
    }
    assert len(folders) == 5
    assert Options().state_folder() == Path(".explore")
    assert Options(data=one).state_folder().parent == Path(".explore/imports")


def test_the_same_data_are_found_again_however_their_folder_is_called(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    named = {Options(data=Path(name)).state_folder() for name in ("a", "./b/../a", tmp_path / "a")}
    assert len(named) == 1


def test_a_folder_that_is_named_is_taken(tmp_path: Path) -> None:
    assert Options(data=tmp_path, state=tmp_path / "s").state_folder() == tmp_path / "s"


def test_a_folder_takes_no_other_content(tmp_path: Path) -> None:
    data = tmp_path / "data"
    check_content(tmp_path, None)
    check_content(tmp_path, data)
    note_content(tmp_path, None)
    check_content(tmp_path, None)
    with pytest.raises(OtherContent) as caught:
        check_content(tmp_path, data)
    assert str(caught.value) == (
        f"the state folder {tmp_path} holds the demo world: choose another folder with --state DIR"
    )
    note_content(tmp_path, data)
    with pytest.raises(OtherContent, match="holds imported data: choose"):
        check_content(tmp_path, None)
