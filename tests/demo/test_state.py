"""One demo at a time on a state folder, and the rest of the machine can find it."""

import tempfile
from pathlib import Path

import pytest

from demo.running import FILE, NoDemo, Running, SeveralDemos, announced, find, left_over
from demo.state import StateFolderInUse, UnusableStateFolder, claimed, is_claimed, temporary


@pytest.fixture(autouse=True)
def own_register(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Demos that run on this machine are not seen."""
    register = tmp_path / "tmp"
    register.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(register))


def facts(port: int) -> Running:
    return Running(port, {"EXPLORE_HTTP_PORT": str(port)}, None)


def test_a_second_demo_on_a_folder_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "state"
    with claimed(folder) as state:
        assert state == folder
        assert is_claimed(folder)
        with pytest.raises(StateFolderInUse) as refusal, claimed(folder):
            pass
    assert str(refusal.value) == (
        f"the state folder {folder} belongs to a demo that is running: "
        "stop that one first, or choose another folder with --state DIR"
    )
    assert not is_claimed(folder)
    with claimed(folder):
        pass


def test_a_folder_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(UnusableStateFolder, match="Not a directory"), claimed(tmp_path / "file/x"):
        pass


def test_a_temporary_folder_is_removed() -> None:
    with temporary() as state:
        (state / "data").mkdir()
        assert is_claimed(state)
    assert not state.exists()


def test_a_running_demo_is_found_by_its_port_or_as_the_only_one() -> None:
    with temporary() as state, announced(facts(8000), state):
        assert find(8000) == find(None) == facts(8000)
        with pytest.raises(NoDemo, match=r"no demo is running on port 9: name .* --port 8000$"):
            find(9)
        with temporary() as other, announced(facts(8001), other):
            assert find(8001) == facts(8001)
            with pytest.raises(SeveralDemos, match="choose one with --port 8000 or 8001"):
                find(None)
    with pytest.raises(NoDemo, match="no demo is running: start one with: python -m demo"):
        find(None)


def test_only_the_owner_may_read_what_a_demo_tells() -> None:
    with temporary() as state, announced(facts(8000), state):
        assert (state / FILE).stat().st_mode & 0o777 == 0o600


def test_a_demo_that_was_killed_is_not_found(tmp_path: Path) -> None:
    folder = tmp_path / "state"
    demo = announced(facts(8000), folder)
    with claimed(folder):
        demo.__enter__()
    assert left_over(folder) == facts(8000)
    with pytest.raises(NoDemo):
        find(8000)


def test_the_folder_of_links_has_to_be_our_own(tmp_path: Path) -> None:
    with pytest.raises(NoDemo):
        find(None)
    (register,) = (tmp_path / "tmp").iterdir()
    register.chmod(0o777)
    with pytest.raises(Exception, match="is not this user's own folder: remove it"):
        find(None)
