"""Which engine listens where: on the ports of the last time, if they are free."""

from collections.abc import Sequence
from pathlib import Path

import msgspec

from demo import ports
from demo.engines.engine import Engine

FILE = "ports.json"


def assign(engines: Sequence[Engine], state: Path, reserved: int) -> dict[str, int]:
    """A free port for each engine, by name; remembered in the state folder.

    An engine gets the port it had, else its default, else the next free one.
    """
    known = remembered(state)
    taken = {reserved}
    places: dict[str, int] = {}
    for engine in engines:
        first = known.get(engine.name, engine.default_port)
        port = ports.next_free(first, engine.port_offsets, taken)
        taken |= {port + offset for offset in engine.port_offsets}
        places[engine.name] = port
    (state / FILE).write_bytes(msgspec.json.encode(known | places))
    return places


def assign_randomly(engines: Sequence[Engine], reserved: int) -> dict[str, int]:
    """A free port for each engine, by name."""
    taken = {reserved}
    places: dict[str, int] = {}
    for engine in engines:
        port = ports.random_free(engine.port_offsets, taken)
        taken |= {port + offset for offset in engine.port_offsets}
        places[engine.name] = port
    return places


def remembered(state: Path) -> dict[str, int]:
    """The ports that engines had on this state folder, by name."""
    try:
        return msgspec.json.decode((state / FILE).read_bytes(), type=dict[str, int])
    except (OSError, msgspec.MsgspecError):
        return {}
