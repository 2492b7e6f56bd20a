"""The supervisor with tiny children."""

import asyncio
import os
import re
import signal
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from demo.children import Child, Gate, Stage
from demo.failures import KeepsDying, NotReady, Refused, SaidItself, StepFailed, describe
from demo.supervisor import Supervisor
from tests.demo.family import alive, descendants, eventually, wait_until
from tests.demo.scripts import FORKS, IGNORES, STAYS, Scripts

GROWS_ONCE = """
first = not os.path.exists(notes)
ballast = b"x" * 2**26 if first else b""
"""


@pytest.fixture
def scripts(tmp_path: Path) -> Scripts:
    return Scripts(tmp_path)


Offspring = Callable[[], set[int]]


@pytest.fixture
def offspring() -> Offspring:
    """The processes below this one that were not here before: the session's engines may be."""
    before = descendants(os.getpid())
    return lambda: descendants(os.getpid()) - before


async def supervise(
    stages: Sequence[Stage], meanwhile: Callable[[], object] = lambda: None
) -> list[str]:
    """Run the stages; when they are ready call `meanwhile` in a thread, then ask for the end."""
    reports: list[str] = []
    asked: list[asyncio.Future[None]] = []

    def ask() -> None:
        try:
            meanwhile()
        finally:
            os.kill(os.getpid(), signal.SIGTERM)

    def on_ready() -> None:
        asked.append(asyncio.get_running_loop().run_in_executor(None, ask))

    await Supervisor(stages, reports.append).run(on_ready)
    for one in asked:
        await one
    return reports


def stay(scripts: Scripts, *names: str) -> tuple[Child, ...]:
    return tuple(scripts.child(name) for name in names)


async def test_stages_start_in_order_and_stop_in_reverse(
    scripts: Scripts, offspring: Offspring
) -> None:
    stages = (stay(scripts, "a"), scripts.step("b", 'note("runs")'), stay(scripts, "c"))
    assert await supervise(stages) == ["stopping"]
    assert scripts.notes == ["a starts", "b runs", "c starts", "c stops", "a stops"]
    assert offspring() == set()


async def test_a_child_that_dies_is_started_again(scripts: Scripts, offspring: Offspring) -> None:
    pids = list[int]()

    def kill() -> None:
        (victim,) = offspring()
        pids.append(victim)
        os.kill(victim, signal.SIGKILL)
        wait_until(lambda: scripts.notes.count("a starts") == 2)

    assert await supervise([stay(scripts, "a")], kill) == [
        "a was ended by signal 9; it is started again",
        "stopping",
    ]
    assert scripts.notes == ["a starts", "a starts", "a stops"]


async def test_five_deaths_in_a_minute_end_everything(
    scripts: Scripts, offspring: Offspring
) -> None:
    script = 'print("no luck", flush=True); print("again", flush=True); sys.exit(3)'
    dying = scripts.child("b", script)
    with pytest.raises(KeepsDying) as failure:
        await supervise([stay(scripts, "a"), (dying,)])
    log = scripts.folder / "b.log"
    assert str(failure.value) == (
        f"b died 5 times in a minute, lastly ended with status 3; the end of {log}:"
        "\n    no luck\n    again"
    )
    assert scripts.notes == ["a starts", "a stops"]
    assert log.read_text().splitlines() == ["no luck", "again"] * 5
    assert offspring() == set()


def test_an_exit_status_is_told_in_words() -> None:
    assert describe(3) == "ended with status 3"
    assert describe(-9) == "was ended by signal 9"


async def test_status_2_before_being_ready_is_a_refusal_in_the_childs_words(
    scripts: Scripts,
) -> None:
    script = 'print("EXPLORE_KEY is not set: set it"); sys.exit(2)'
    with pytest.raises(Refused) as refusal:
        await supervise([(scripts.child("a", script),)])
    assert str(refusal.value) == "a does not start: EXPLORE_KEY is not set: set it"


async def test_a_step_that_fails_ends_everything(scripts: Scripts) -> None:
    failing = scripts.step("b", 'print("why"); sys.exit(1)')
    with pytest.raises(StepFailed) as failure:
        await supervise([stay(scripts, "a"), failing])
    log = scripts.folder / "b.log"
    assert str(failure.value) == f"b ended with status 1; the end of {log}:\n    why"
    assert scripts.notes == ["a starts", "a stops"]


async def test_a_step_that_refuses_is_quoted(scripts: Scripts) -> None:
    with pytest.raises(Refused, match="b does not start: no such engine: start it"):
        await supervise([scripts.step("b", 'print("no such engine: start it"); sys.exit(2)')])


async def test_a_child_that_is_never_ready_is_named_with_its_log(
    scripts: Scripts, offspring: Offspring
) -> None:
    async def never() -> bool:
        return False

    silent = replace(scripts.child("a"), ready=never, ready_seconds=0.2)
    with pytest.raises(NotReady) as failure:
        await supervise([(silent,)])
    assert str(failure.value) == f"a was not ready within 0.2 s: see {scripts.folder / 'a.log'}"
    assert offspring() == set()


async def test_a_probe_that_fails_or_hangs_counts_as_no(scripts: Scripts) -> None:
    answers = [ConnectionRefusedError, TimeoutError, None]

    async def probe() -> bool:
        answer = answers.pop(0)
        if answer:
            raise answer
        return True

    await supervise([(replace(scripts.child("a"), ready=probe),)])
    assert answers == []


async def test_a_gate_that_does_not_open_says_what_to_do(scripts: Scripts) -> None:
    async def closed() -> bool:
        return False

    gate = Gate(name="the list", open=closed, seconds=0.1, remedy="fill it")
    with pytest.raises(NotReady, match=r"the list was not ready within 0\.1 s: fill it"):
        await supervise([stay(scripts, "a"), gate])
    assert scripts.notes == ["a starts", "a stops"]


async def test_hooks_surround_each_start(scripts: Scripts, offspring: Offspring) -> None:
    calls = list[str]()

    async def before() -> None:
        calls.append("before")

    async def started() -> None:
        calls.append("started")

    def kill() -> None:
        os.kill(next(iter(offspring())), signal.SIGKILL)
        wait_until(lambda: len(calls) == 4)

    await supervise([(replace(scripts.child("a"), before=before, on_started=started),)], kill)
    assert calls == ["before", "started", "before", "started"]


async def test_dependents_are_stopped_before_and_started_after_a_restart(
    scripts: Scripts,
    offspring: Offspring,
) -> None:
    async def started() -> None:
        with (scripts.folder / "notes").open("a") as notes:
            notes.write("broker began\n")

    broker = replace(
        scripts.child("broker"), on_started=started, restarts=frozenset({"consumers"})
    )
    others = stay(scripts, "consumers", "api")

    def kill() -> None:
        pids = offspring()
        broker_pid = min(pids)
        os.kill(broker_pid, signal.SIGKILL)
        wait_until(lambda: scripts.notes.count("consumers starts") == 2)

    reports = await supervise([(broker,), others], kill)
    begin = ["broker starts", "broker began"]
    assert scripts.notes[:2] == begin
    assert sorted(scripts.notes[2:4]) == ["api starts", "consumers starts"]
    assert scripts.notes[4:8] == ["consumers stops", *begin, "consumers starts"]
    assert sorted(scripts.notes[8:10]) == ["api stops", "consumers stops"]
    assert reports == ["broker was ended by signal 9; it is started again", "stopping"]


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not tell")
async def test_a_child_that_outgrows_its_memory_is_started_anew(scripts: Scripts) -> None:
    reports: list[str] = []

    def stop() -> None:
        wait_until(lambda: scripts.notes.count("consumers starts") == 2)
        os.kill(os.getpid(), signal.SIGTERM)

    def on_ready() -> None:
        stopping.append(asyncio.get_running_loop().run_in_executor(None, stop))

    stopping: list[asyncio.Future[None]] = []
    broker = replace(
        scripts.child("broker", GROWS_ONCE + STAYS),
        largest_memory=2**25,
        restarts=frozenset({"consumers"}),
    )
    supervisor = Supervisor(
        [(broker,), stay(scripts, "consumers")], reports.append, look_every=0.05
    )
    await supervisor.run(on_ready)
    await stopping[0]
    assert reports == ["broker has outgrown 32 MB; it is started anew", "stopping"]
    assert scripts.notes[:2] == ["broker starts", "consumers starts"]
    assert scripts.notes[2:6] == [
        "broker stops",
        "consumers stops",
        "broker starts",
        "consumers starts",
    ]


async def test_a_child_that_ignores_the_signal_is_killed_at_its_deadline(
    scripts: Scripts,
) -> None:
    began = asyncio.get_running_loop().time()
    reports = await supervise(
        [stay(scripts, "a"), (replace(scripts.child("b", IGNORES), stop_seconds=0.3),)]
    )
    assert reports == ["stopping", "b did not stop within 0.3 s and was killed"]
    assert scripts.notes == ["a starts", "b starts", "a stops"]
    assert asyncio.get_running_loop().time() - began < 3


async def test_what_a_child_started_ends_with_it(scripts: Scripts) -> None:
    await supervise([(scripts.child("a", FORKS + STAYS),)])
    forked = [
        int(found[1]) for note in scripts.notes if (found := re.search(r"forked (\d+)", note))
    ]
    assert len(forked) == 1
    await eventually(lambda: not alive(forked))


async def test_a_second_signal_kills_at_once(scripts: Scripts) -> None:
    reports: list[str] = []

    def interrupt() -> None:
        wait_until(lambda: reports)
        os.kill(os.getpid(), signal.SIGINT)

    def on_ready() -> None:
        os.kill(os.getpid(), signal.SIGTERM)
        interrupting.append(loop.run_in_executor(None, interrupt))

    loop = asyncio.get_running_loop()
    began = loop.time()
    interrupting: list[asyncio.Future[None]] = []
    stubborn = replace(scripts.child("a", IGNORES), stop_seconds=8.0)
    await Supervisor([(stubborn,)], reports.append).run(on_ready)
    await interrupting[0]
    assert reports == ["stopping"]
    assert loop.time() - began < 4


async def test_a_signal_during_the_start_stops_what_has_started(scripts: Scripts) -> None:
    def interrupt() -> None:
        wait_until(lambda: "b starts" in scripts.notes)
        os.kill(os.getpid(), signal.SIGINT)

    interrupting = asyncio.get_running_loop().run_in_executor(None, interrupt)
    await supervise([stay(scripts, "a"), scripts.step("b", STAYS)])
    await interrupting
    assert scripts.notes == ["a starts", "b starts", "b stops", "a stops"]


def test_children_that_could_stop_too_slowly_are_refused(scripts: Scripts) -> None:
    slow = tuple(replace(child, stop_seconds=5.0) for child in stay(scripts, "a", "b"))
    Supervisor([slow], print)
    with pytest.raises(ValueError, match=r"longer than 9.0 s"):
        Supervisor([slow, slow], print)
    patient = replace(scripts.step("c", STAYS), stop_seconds=4.5)
    with pytest.raises(ValueError, match=r"longer than 9.0 s"):
        Supervisor([slow, patient], print)
    Supervisor([patient, slow], print)  # it has ended when they begin


async def test_a_step_that_refuses_on_our_terminal_has_said_why(scripts: Scripts) -> None:
    refusing = scripts.step("a", "sys.exit(2)")
    with pytest.raises(SaidItself):
        await supervise([replace(refusing, log=None)])
    with pytest.raises(Refused, match="a does not start: it gave no reason"):
        await supervise([replace(refusing, log=scripts.folder / "a.log")])
