"""How much simulated people and services do."""

import argparse
from typing import Final

DEFAULT_RATE: Final = 5.0  # events a second
LOWEST: Final = 0.1
HIGHEST: Final = 1_000.0


def events_a_second(text: str) -> float:
    """A rate of a command line."""
    try:
        events = float(text)
    except ValueError:
        events = 0.0
    if LOWEST <= events <= HIGHEST:
        return events
    raise argparse.ArgumentTypeError(f"a rate is a number from {LOWEST:g} to {HIGHEST:g}")
