"""What a demo holds in memory when it has settled, process by process: classifiers and all.

The proportional share (PSS): what processes have in common is counted once. Processes of one
program are one line. The control is the sum of what each of them has in memory, which counts
shared pages as often as they are shared. ``EXPLORE_HTTP_PORT`` names a running demo, else one is
started, with its simulator.
"""

import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from benchmarks._demo import demo
from benchmarks._processes import load, megabytes

SETTLING: Final = 45.0  # seconds: models are opened, and the first posts of people classified
GOAL: Final = 1_300


def main() -> None:
    with demo() as running:
        time.sleep(SETTLING)
        family = _family(_parents()[running.server])
        shares, resident = defaultdict[str, float](float), 0.0
        for process in family:
            shares[_name(process)] += megabytes(process, "Pss", "smaps_rollup")
            resident += megabytes(process, "VmRSS")
    for name, share in sorted(shares.items(), key=lambda one: -one[1]):
        print(f"{name:24} {share:6.0f} MB")
    total = sum(shares.values())
    print(
        f"{f'all {len(family)} processes':24} {total:6.0f} MB (goal {GOAL}); "
        f"control: {resident:.0f} MB with shared pages counted by each; {load()}"
    )


def _family(oldest: int) -> Sequence[int]:
    """A process and all that it and its children have started."""
    children = defaultdict[int, list[int]](list)
    for process, parent in _parents().items():
        children[parent].append(process)
    found = [oldest]
    for process in found:
        found += children[process]
    return found


def _parents() -> Mapping[int, int]:
    parents: dict[int, int] = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                stat = (folder / "stat").read_text()
            except OSError:  # it has ended meanwhile
                continue
            parents[int(folder.name)] = int(stat.rpartition(")")[2].split()[1])
    return parents


def _name(process: int) -> str:
    """The module that Python runs, or else the program."""
    arguments = Path(f"/proc/{process}/cmdline").read_text().replace(" ", "\0").split("\0")
    if "-m" in arguments[:3]:
        return arguments[arguments.index("-m") + 1]
    return Path(arguments[0]).name.rstrip(":") or "?"
