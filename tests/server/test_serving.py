"""The server as a process: a rolling restart as clients see it, and refusals to start."""

import json
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 20.0  # seconds

pytestmark = pytest.mark.integration  # loopback connections, no engines


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Replica:
    def __init__(
        self, *, drain: float = 0.0, port: int | None = None, store: "Store | None" = None
    ) -> None:
        self.port = port or free_port()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.server.toy_server"],
            cwd=ROOT,
            env={
                "EXPLORE_ENVIRONMENT": "development",
                "EXPLORE_HTTP_PORT": str(self.port),
                "EXPLORE_DRAIN_MS": str(int(drain * 1_000)),
                "TOY_STORE": str(store.port) if store else "",
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def status(self, path: str) -> int:
        """0 where nobody answers."""
        try:
            return httpx.get(self.url(path), timeout=2).status_code
        except httpx.HTTPError:
            return 0

    def wait_until_ready(self) -> None:
        self.wait_for("/readyz")

    def wait_for(self, path: str) -> None:
        give_up = time.monotonic() + PATIENCE
        while self.status(path) != 200:
            assert time.monotonic() < give_up
            assert self.process.poll() is None
            time.sleep(0.02)

    def end(self) -> tuple[int, str, str]:
        """Status, standard output and standard error, once it has ended by itself."""
        output, errors = self.process.communicate(timeout=PATIENCE)
        return self.process.returncode, output, errors


class Store:
    """What a start waits for: silent until it is told what to say."""

    def __init__(self, listener: socket.socket) -> None:
        self._listener = listener
        self.port: int = listener.getsockname()[1]

    def say(self, word: str) -> None:
        asked, _ = self._listener.accept()
        with asked:
            asked.sendall(f"{word}\n".encode())


@pytest.fixture
def store() -> Generator[Store]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield Store(listener)


@contextmanager
def replica(*, drain: float) -> Generator[Replica]:
    with killed_at_the_end(Replica(drain=drain)) as running:
        running.wait_until_ready()
        yield running


@contextmanager
def killed_at_the_end(running: Replica) -> Generator[Replica]:
    try:
        yield running
    finally:
        running.process.kill()
        running.process.communicate()


def test_requests_that_arrive_while_draining_are_served() -> None:
    with replica(drain=120.0) as running:
        running.process.send_signal(signal.SIGTERM)
        while running.status("/readyz") == 200:
            time.sleep(0.01)
        assert running.status("/readyz") == 503
        assert [running.status("/livez") for _ in range(5)] == [200] * 5
        running.process.send_signal(signal.SIGTERM)  # a second one ends the wait
        assert running.end()[:2] == (0, "resources closed\n")


def test_draining_takes_its_time() -> None:
    with replica(drain=1.0) as running:
        signalled = time.monotonic()
        running.process.send_signal(signal.SIGTERM)
        assert running.end()[:2] == (0, "resources closed\n")
        assert time.monotonic() - signalled >= 1.0


def test_without_draining_they_are_not() -> None:
    with replica(drain=0.0) as running:
        running.process.send_signal(signal.SIGTERM)
        status, output, _ = running.end()
        assert (status, output) == (0, "resources closed\n")
        assert running.status("/livez") == 0


def test_probes_are_answered_while_a_store_is_away(store: Store) -> None:
    with killed_at_the_end(Replica(store=store)) as running:
        running.wait_for("/livez")
        assert [running.status(path) for path in ("/startupz", "/readyz")] == [503, 503]
        body = {"query": "{ name }"}
        refused = httpx.post(running.url("/graphql"), json=body)
        assert (refused.status_code, refused.headers["retry-after"]) == (503, "1")
        address = f"ws://127.0.0.1:{running.port}/graphql"
        with pytest.raises(InvalidStatus) as early:
            connect(address, subprotocols=["graphql-transport-ws"])  # pyright: ignore[reportArgumentType] - any text
        assert early.value.response.status_code == 403
        store.say("yes")
        running.wait_for("/startupz")
        assert [running.status(path) for path in ("/livez", "/readyz")] == [200, 200]
        assert httpx.post(running.url("/graphql"), json=body).status_code == 200


def test_a_start_that_is_refused_ends_in_one_line_although_probes_were_answered(
    store: Store,
) -> None:
    with killed_at_the_end(Replica(store=store)) as running:
        running.wait_for("/livez")
        store.say("no")
        status, _, errors = running.end()
    assert (status, errors) == (2, "The toy store says no: make it say yes\n")


def test_a_signal_ends_a_start_that_waits(store: Store) -> None:
    with killed_at_the_end(Replica(store=store)) as running:
        running.wait_for("/livez")
        running.process.send_signal(signal.SIGTERM)
        status, output, _ = running.end()
    assert status == 0
    assert "resources closed" not in output


def test_a_port_in_use_is_told_in_one_line() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        status, output, errors = Replica(port=port).end()
    assert (status, output) == (2, "")
    remedy = "stop what listens there, or set EXPLORE_HTTP_PORT to another port"
    assert errors == f"port {port} is in use: {remedy}\n"


def test_requests_and_sockets_over_the_wire() -> None:
    with replica(drain=0.0) as running:
        body = {"query": "{ name }"}
        response = httpx.post(running.url("/graphql"), json=body)
        assert response.json() == {"data": {"name": "n"}}
        assert "server" not in response.headers
        forwarded = httpx.post(
            running.url("/graphql"), json=body, headers={"x-forwarded-for": "198.51.100.1"}
        )
        assert forwarded.status_code == 200
        address = f"ws://127.0.0.1:{running.port}/graphql"
        with connect(address, subprotocols=["graphql-transport-ws"]) as client:  # pyright: ignore[reportArgumentType] - any text
            client.send('{"type": "connection_init"}')
            assert json.loads(client.recv()) == {"type": "connection_ack"}
            client.send('{"id": "1", "type": "subscribe", "payload": {"query": "{ name }"}}')
            message = client.recv()
            assert isinstance(message, str)
            assert json.loads(message)["payload"] == {"data": {"name": "n"}}
