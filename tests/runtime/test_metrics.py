"""The catalogue is closed, commented and well named."""

import dataclasses
import inspect
import re
import tomllib
from pathlib import Path
from typing import cast

from prometheus_client.metrics import MetricWrapperBase

from runtime.metrics import LATENCY, Metrics

LABELS = {  # every label name there is; values come from closed sets, never from ids
    "bucket", "cache", "call", "consumer", "feed", "method", "model", "operation", "outcome",
    "reason", "result", "route", "source", "status", "store", "task", "topic",
}  # fmt: skip


def test_names_and_labels() -> None:
    metrics = Metrics.create()
    for field in dataclasses.fields(Metrics):
        metric = getattr(metrics, field.name)
        if not isinstance(metric, MetricWrapperBase):
            assert field.name == "registry"
            continue
        (family,) = metric.describe()
        assert family.name.startswith(("explore_", "http_server_"))
        assert family.documentation
        labels = cast("tuple[str, ...]", metric._labelnames)  # pyright: ignore[reportPrivateUsage] - not public
        assert set(labels) <= LABELS, family.name
        if "seconds" in field.name:
            assert family.name.endswith("_seconds")


def test_each_metric_is_commented() -> None:
    source = inspect.getsource(Metrics)
    fields = [field.name for field in dataclasses.fields(Metrics) if field.name != "registry"]
    for name in fields:
        declaration = source.index(f"    {name}: ")
        following = source[declaration:].split("\n", 2)[1]
        assert following.strip().startswith('"""'), name


def test_each_metric_is_written_somewhere() -> None:
    root = Path(__file__).resolve().parents[2]
    with (root / "pyproject.toml").open("rb") as file:
        packages = tomllib.load(file)["tool"]["importlinter"]["root_packages"]
    code = "\n".join(
        path.read_text()
        for package in packages
        for path in (root / package).rglob("*.py")
        if path != root / "runtime" / "metrics.py"
    )
    fields = [field.name for field in dataclasses.fields(Metrics) if field.name != "registry"]
    assert [name for name in fields if not re.search(rf"metrics\.{name}\b", code)] == []


def test_processes_do_not_share_values() -> None:
    first, second = Metrics.create(), Metrics.create()
    first.events_applied.labels("engagement", "explore.engagement.updated").inc(3)
    line = 'explore_events_applied_total{consumer="engagement",topic="explore.engagement.updated"}'
    assert f"{line} 3.0" in first.exposition().decode()
    assert line not in second.exposition().decode()


def test_the_objectives_are_bucket_edges() -> None:
    assert {0.150, 0.300} <= set(LATENCY)
