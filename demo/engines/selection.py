"""Which engines are started: of the asked kind, and only those that no setting replaces."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from pathlib import Path

from demo.engines.engine import Engine
from demo.engines.kafka import Kafka
from demo.engines.opensearch import OpenSearch
from demo.engines.postgres import Postgres
from demo.engines.real_kafka import RealKafka
from demo.engines.real_opensearch import RealOpenSearch
from demo.engines.valkey import Valkey
from demo.keeper import Report


class Kind(StrEnum):
    """What stands for Kafka and OpenSearch. PostgreSQL and Valkey are the same in both kinds."""

    EMBEDDED = "embedded"
    REAL = "real"


def chosen(
    kind: Kind, state: Path, given: Mapping[str, str], report: Report, *, throw_away: bool
) -> list[Engine]:
    """The engines to start; `given` are the settings of the user.

    Raises:
        CannotStart: a program that is needed is missing.

    """
    factories: dict[str, Callable[[], Engine]] = {
        Postgres.setting: lambda: Postgres(state, throw_away=throw_away),
        Valkey.setting: lambda: Valkey(state),
    }
    if kind is Kind.REAL:
        factories[RealKafka.setting] = lambda: RealKafka(state, report)
        factories[RealOpenSearch.setting] = lambda: RealOpenSearch(state, report)
    else:
        factories[Kafka.setting] = lambda: Kafka(state)
        factories[OpenSearch.setting] = lambda: OpenSearch(state)
    return [make() for setting, make in factories.items() if not given.get(setting)]
