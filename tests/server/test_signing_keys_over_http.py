"""Keys from an address, as identity providers publish them."""

import threading
from collections.abc import Generator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from structlog.testing import capture_logs
from typing_extensions import override

from server.signing_keys import COOLDOWN, SigningKeys, fetch_from
from tests.fakes.clock import FixedClock
from tests.server.token_factory import KID, key_set

pytestmark = pytest.mark.integration  # a loopback connection, no engines


class Provider(BaseHTTPRequestHandler):
    """Answers with the keys, or with 404 under any other path."""

    def do_GET(self) -> None:
        content = key_set() if self.path == "/jwks.json" else b"gone"
        self.send_response(200 if self.path == "/jwks.json" else 404)
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    @override
    def log_message(self, format: str, *args: object) -> None:
        return


@pytest.fixture
def address() -> Generator[str]:
    server = HTTPServer(("127.0.0.1", 0), Provider)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


async def test_keys_come_from_an_address(address: str) -> None:
    keys = SigningKeys(fetch_from(f"{address}/jwks.json"), FixedClock())
    assert await keys.find(KID) is not None


async def test_an_address_without_keys_lets_nobody_in(address: str) -> None:
    clock = FixedClock()
    with capture_logs() as lines:
        for location in (f"{address}/nothing", "http://127.0.0.1:1/jwks.json"):
            assert await SigningKeys(fetch_from(location), clock).find(KID) is None
            clock.advance(COOLDOWN)
    assert [line["event"] for line in lines] == ["signing_keys.not_fetched"] * 2
