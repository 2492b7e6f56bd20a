"""How much violence: a little in every run of the tests, much in `make chaos`."""

import os
import sys
from dataclasses import dataclass
from random import Random
from secrets import randbelow

LONG = "EXPLORE_CHAOS"  # set by `make chaos`
SEED = "EXPLORE_CHAOS_SEED"


@dataclass(frozen=True, slots=True)
class Plan:
    """How often each thing happens, and how many events are written meanwhile at least."""

    seed: int
    events: int
    kills: int
    freezes: int
    store_kills: int
    torn_tails: int
    rivals: int
    broker_freezes: int
    naive_kills: int
    naive_events: int

    @classmethod
    def chosen(cls) -> "Plan":
        seed = int(os.environ.get(SEED) or randbelow(10**6))
        if os.environ.get(LONG):
            return cls(seed, 60_000, 200, 20, 20, 20, 10, 5, 20, 20_000)
        return cls(seed, 3_000, 4, 1, 1, 1, 1, 1, 4, 5_000)

    def acts(self) -> list[str]:
        """What happens, in an order that the seed decides."""
        acts = (
            ["kill"] * self.kills + ["freeze"] * self.freezes + ["kill_store"] * self.store_kills
        )
        acts += ["tear_store"] * self.torn_tails + ["rival"] * self.rivals
        acts += ["freeze_broker"] * self.broker_freezes
        Random(self.seed).shuffle(acts)
        return acts


class Progress:
    """A line on the terminal that tells how far it is; silent where there is none."""

    def __init__(self, total: int, seed: int) -> None:
        self._total = total
        self._done = 0
        self._seed = seed

    def step(self, name: str) -> None:
        self._done += 1
        if os.environ.get(LONG):
            filled = 40 * self._done // self._total
            bar = "#" * filled + "." * (40 - filled)
            end = "\n" if self._done == self._total else ""
            sys.stderr.write(
                f"\rseed {self._seed} [{bar}] {self._done}/{self._total} {name:14}{end}"
            )
            sys.stderr.flush()
