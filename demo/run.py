"""`python -m demo`: everything from the engines to the simulated people, until it is stopped."""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Final

from demo import ports, running
from demo.children import Stage
from demo.content import check_content, note_content
from demo.engines.places import assign, assign_randomly, remembered
from demo.engines.plan import plan
from demo.engines.selection import chosen
from demo.given_engines import require_given
from demo.keeper import Report
from demo.options import Options
from demo.probes import until
from demo.running import Running, announced
from demo.state import claimed, temporary
from demo.supervisor import Supervisor
from demo.surroundings import api_address, given_settings, own_settings
from runtime.settings import ENGINES
from runtime.start import CannotStart

Product = Callable[[Mapping[str, str], Options, Path], tuple[Stage, ...]]
OnReady = Callable[[Running, Path], None]
LEFT_OVER_SECONDS: Final = 10.0


async def run(
    options: Options,
    environment: Mapping[str, str],
    product: Product,
    report: Report,
    on_ready: OnReady,
) -> None:
    """Run the demo until a signal ends it.

    Raises:
        CannotStart: something outside keeps it from starting.
        SaidItself: the same, and it is said already.
        ChildFailure: a process of it keeps failing.

    """
    given = given_settings(environment)
    if options.data and not options.data.is_dir():
        raise CannotStart(f"--data {options.data} is no folder", "name the folder with the data")
    with _state(options) as state:
        await _let_the_last_one_end(state)
        host, port = api_address(options, given)
        theirs = {name: given[name] for name in ENGINES if name in given}
        check_content(state, options.data)
        await require_given(theirs)
        engines = chosen(options.engines, state, theirs, report, throw_away=options.ephemeral)
        places = (
            assign_randomly(engines, port)
            if options.ephemeral
            else assign(engines, state, reserved=port)
        )
        planned = plan(engines, places, theirs)
        own, key = own_settings(host, port, given, state)
        settings = planned.settings | own
        facts = Running(port, settings, str(key) if key else None)
        stages = (*planned.stages, *product(settings, options, state))
        note_content(state, options.data)
        with announced(facts, state):
            await Supervisor(stages, report).run(lambda: on_ready(facts, state))


def _state(options: Options) -> AbstractContextManager[Path]:
    return temporary() if options.ephemeral else claimed(options.state_folder())


async def _let_the_last_one_end(state: Path) -> None:
    """If the last demo on this folder was killed, its processes may still be stopping."""
    last = running.left_over(state)
    if last is None:
        return

    theirs = (last.port, *remembered(state).values())

    async def free() -> bool:
        return all(ports.is_free(port) for port in theirs)

    try:
        async with asyncio.timeout(LEFT_OVER_SECONDS):
            await until(free)
    except TimeoutError:
        return  # someone else's; whoever needs the port will say so
