"""Java is found where people and systems put it."""

import os
from pathlib import Path

import pytest

from demo.engines import java
from demo.engines.java import Java, NoJava, candidates, find_java, version_of


@pytest.fixture(autouse=True)
def bare_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing that is installed here is found."""
    monkeypatch.setattr(java, "USUAL_HOMES", ())
    monkeypatch.setattr(java, "PACKAGE", "no_such_package")


def home(folder: Path, version: str) -> Path:
    """A Java that tells its version in a file, as JDKs do."""
    (folder / "bin").mkdir(parents=True)
    (folder / "bin" / "java").touch(mode=0o755)
    (folder / "release").write_text(f'IMPLEMENTOR="x"\nJAVA_VERSION="{version}"\n')
    return folder


def on_path(folder: Path, version: str) -> Path:
    """A Java that only answers when it is asked."""
    folder.mkdir(parents=True)
    program = folder / "java"
    program.write_text(f"#!/bin/sh\necho 'openjdk version \"{version}\" 2025-01-21' >&2\n")
    program.chmod(0o755)
    return program


@pytest.mark.parametrize(
    ("text", "major"),
    [("21.0.2", 21), ("25", 25), ("17.0.15", 17), ("1.8.0_392", 8), ("24-ea", 24), ("", 0)],
)
def test_the_major_version_is_read(tmp_path: Path, text: str, major: int) -> None:
    assert version_of(home(tmp_path / "jdk", text) / "bin" / "java") == major
    assert version_of(on_path(tmp_path / "bin", text)) == major


def test_what_is_no_java_has_no_version(tmp_path: Path) -> None:
    (tmp_path / "java").write_text("not a program")
    assert version_of(tmp_path / "java") == 0


def test_the_home_that_is_set_wins(tmp_path: Path) -> None:
    mine = home(tmp_path / "mine", "21.0.1")
    on_path(tmp_path / "bin", "25")
    environment = {"JAVA_HOME": str(mine), "PATH": str(tmp_path / "bin")}
    assert find_java(environment) == Java(mine / "bin" / "java", 21)


def test_one_that_is_too_old_is_passed_over(tmp_path: Path) -> None:
    old = home(tmp_path / "old", "17.0.15")
    program = on_path(tmp_path / "bin", "25.0.1")
    environment = {"JAVA_HOME": str(old), "PATH": str(tmp_path / "bin")}
    assert find_java(environment) == Java(program, 25)


def test_installed_ones_are_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(java, "USUAL_HOMES", (f"{tmp_path}/jvm/*",))
    home(tmp_path / "jvm" / "java-17", "17")
    new = home(tmp_path / "jvm" / "temurin-25", "25")
    (tmp_path / "jvm" / "something-else").mkdir()
    assert find_java({"PATH": ""}) == Java(new / "bin" / "java", 25)
    assert len(list(candidates({"PATH": ""}))) == 2


def test_without_any_the_remedy_is_told() -> None:
    with pytest.raises(
        NoJava, match=r"no Java 21 or newer was found .*: install one and set JAVA_HOME"
    ):
        find_java({"PATH": os.devnull})
