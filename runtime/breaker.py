"""Circuit breaker for one dependency: failure rate and slow calls over a window, bounded probes.

Three states under one generation counter. Half open lets through at most `probes` calls at a time;
a cancelled call is neither success nor failure and gives its permit back; results that belong
to an earlier generation are ignored; every rejection is a fresh exception.

For one event loop: state changes need no lock because they never await. A call that never ends
never counts, and as a probe it holds its permit: give every call a timeout.
"""

import time
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple, TypeVar

T = TypeVar("T")


class State(Enum):
    """The value is what the metric shows."""

    CLOSED = 0
    HALF_OPEN = 1
    OPEN = 2


class CircuitOpen(Exception):
    """The dependency was not called. `retry_after` is in seconds."""

    def __init__(self, name: str, retry_after: float) -> None:
        super().__init__(f"{name}: circuit open, retry in {retry_after:.3f} s")
        self.name = name
        self.retry_after = retry_after


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakerPolicy:
    window_calls: int = 50
    window_seconds: float = 10.0
    minimum_calls: int = 10
    failure_rate: float = 0.5
    slow_after: float = 0.1
    slow_rate: float = 0.8
    open_seconds: float = 0.5  # the floor of recovery time
    probes: int = 1
    probe_successes: int = 1


class _Call(NamedTuple):
    """One finished call; `failed` is None for a cancelled one."""

    at: float
    failed: bool | None
    slow: bool


def _any_error(_error: Exception) -> bool:
    return True


def _nobody(_name: str, _state: State) -> None:
    return


class CircuitBreaker:
    def __init__(
        self,
        name: str,
        policy: BreakerPolicy | None = None,
        *,
        clock: Callable[[], float] = time.monotonic,
        counts_as_failure: Callable[[Exception], bool] = _any_error,
        on_change: Callable[[str, State], None] = _nobody,
    ) -> None:
        self.name = name
        self.state = State.CLOSED
        self._policy = policy or BreakerPolicy()
        self._clock = clock
        self._counts_as_failure = counts_as_failure
        self._on_change = on_change
        self._generation = 0
        self._open_until = 0.0
        self._probes_running = 0
        self._probes_passed = 0
        self._calls: deque[_Call] = deque()
        self._failed = 0
        self._slow = 0

    async def call(self, operation: Callable[[], Awaitable[T]]) -> T:
        """Await `operation()`, or refuse.

        Raises:
            CircuitOpen: without calling it.

        """
        generation = self._admit()
        probing = self.state is State.HALF_OPEN
        started = self._clock()
        failed: bool | None = None  # stays None when cancelled: neither success nor failure
        try:
            result = await operation()
            failed = False
        except Exception as error:
            failed = self._counts_as_failure(error)
            raise
        finally:
            if generation == self._generation:
                now = self._clock()
                slow = failed is not None and now - started > self._policy.slow_after
                self._settle(_Call(now, failed, slow), probing=probing)
        return result

    def _admit(self) -> int:
        now = self._clock()
        if self.state is State.OPEN:
            if now < self._open_until:
                raise CircuitOpen(self.name, self._open_until - now)
            self._become(State.HALF_OPEN)
        if self.state is State.HALF_OPEN:
            if self._probes_running >= self._policy.probes:
                raise CircuitOpen(self.name, self._policy.slow_after)
            self._probes_running += 1
        return self._generation

    def _settle(self, call: _Call, *, probing: bool) -> None:
        if probing:
            self._probes_running -= 1
        if call.failed is None:
            return
        if not probing:
            self._record(call)
            if self._too_unhealthy():
                self._open()
        elif call.failed or call.slow:
            self._open()
        else:
            self._probes_passed += 1
            if self._probes_passed >= self._policy.probe_successes:
                self._become(State.CLOSED)

    def _record(self, call: _Call) -> None:
        self._calls.append(call)
        self._failed += call.failed is True
        self._slow += call.slow
        oldest_kept = call.at - self._policy.window_seconds
        while len(self._calls) > self._policy.window_calls or self._calls[0].at < oldest_kept:
            old = self._calls.popleft()
            self._failed -= old.failed is True
            self._slow -= old.slow

    def _too_unhealthy(self) -> bool:
        calls = len(self._calls)
        if calls < self._policy.minimum_calls:
            return False
        too_many_failed = self._failed >= self._policy.failure_rate * calls
        return too_many_failed or self._slow >= self._policy.slow_rate * calls

    def _open(self) -> None:
        self._open_until = self._clock() + self._policy.open_seconds
        self._become(State.OPEN)

    def _become(self, state: State) -> None:
        self.state = state
        self._generation += 1  # whatever is still in flight reports to nobody
        self._probes_running = self._probes_passed = 0
        self._calls.clear()
        self._failed = self._slow = 0
        self._on_change(self.name, state)
