"""The public keys that access tokens are signed with: fetched ahead, the last good set is kept."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Final, Literal
from urllib.request import Request, urlopen

import msgspec
import structlog
from jwt import PyJWK, PyJWKError, PyJWTError

from runtime.clock import Clock
from runtime.logs import quiet
from runtime.setting_values import SettingError

COOLDOWN: Final = 30.0  # seconds between two fetches, whoever asks for them
REFRESH: Final = 300.0  # seconds between two fetches that nobody asks for
FETCH_TIMEOUT: Final = 3.0
LARGEST_SET: Final = 1_000_000  # bytes
ALGORITHM: Final = "RS256"
SHORTEST_KEY: Final = 2_048  # bits (RFC 7518, section 3.3)

Fetch = Callable[[], Awaitable[bytes]]
log: structlog.typing.FilteringBoundLogger = structlog.get_logger()


class UnusableKeys(Exception):
    """What was fetched is no set of keys, or holds none for RS256."""


class _KeySet(msgspec.Struct):
    keys: list[dict[str, object]]


def fetch_from(location: str) -> Fetch:
    """How to read a JSON Web Key Set (RFC 7517) from a file or an address."""

    def read() -> bytes:
        if "://" not in location:
            return Path(location).read_bytes()
        request = Request(location, headers={"accept": "application/json"})  # noqa: S310 - the settings allow http and https only
        with urlopen(request, timeout=FETCH_TIMEOUT) as response:  # noqa: S310 - as above
            return response.read(LARGEST_SET)

    async def fetch() -> bytes:
        async with asyncio.timeout(2 * FETCH_TIMEOUT):
            return await asyncio.to_thread(read)

    return fetch


def check_file(location: str) -> None:
    """Return if keys can be read; an address is not asked: who is there may be late.

    Raises:
        SettingError: there is no such file, or no key in it.

    """
    if not location or "://" in location:
        return
    try:
        with quiet():
            parse_keys(Path(location).read_bytes())
    except OSError as error:
        problem = f"names a file that cannot be read ({error.strerror})"
    except UnusableKeys as error:
        problem = f"names a file that holds no keys ({error})"
    else:
        return
    raise SettingError(
        "EXPLORE_JWKS", problem, "use a JSON Web Key Set (RFC 7517), or its address"
    )


def parse_keys(content: bytes) -> dict[str, PyJWK]:
    """RSA signing keys by `kid` (empty where a key has none); other kinds are left out.

    Raises:
        UnusableKeys: where none is left.

    """
    try:
        candidates = msgspec.json.decode(content, type=_KeySet).keys
    except msgspec.MsgspecError as error:
        raise UnusableKeys(str(error)) from error
    found: dict[str, PyJWK] = {}
    for data in candidates:
        kid = data.get("kid", "")
        fits = data.get("kty") == "RSA" and data.get("use", "sig") == "sig"
        if not (fits and isinstance(kid, str) and data.get("alg", ALGORITHM) == ALGORITHM):
            continue
        try:
            key = PyJWK(data, ALGORITHM)
            if key.key.key_size >= SHORTEST_KEY:
                found[kid] = key
        except (PyJWKError, PyJWTError, ValueError) as error:
            log.warning("signing_key.unusable", kid=kid, reason=type(error).__name__)
    if not found:
        raise UnusableKeys("the set holds no RSA key for RS256")
    return found


class SigningKeys:
    """`on_fetch` hears of each fetch and how it went."""

    def __init__(
        self,
        fetch: Fetch,
        clock: Clock,
        on_fetch: Callable[[Literal["ok", "error"]], None] = lambda _result: None,
    ) -> None:
        self._fetch = fetch
        self._clock = clock
        self._on_fetch = on_fetch
        self._keys: Mapping[str, PyJWK] = {}
        self._fetched_at: float | None = None
        self._lock = asyncio.Lock()

    async def find(self, kid: str) -> PyJWK | None:
        """The key of that id, or the only one where a token names none.

        An unknown id causes a fetch, but one in 30 s for all callers.
        """
        if kid not in self._keys and (kid or not self._keys):
            await self.refresh()
        if not kid and len(self._keys) == 1:
            return next(iter(self._keys.values()))
        return self._keys.get(kid)

    async def refresh(self) -> None:
        """Fetch unless that was done within the cooldown; a failure keeps what is known."""
        async with self._lock:  # one fetch for all who wait
            now = self._clock.monotonic()
            if self._fetched_at is not None and now - self._fetched_at < COOLDOWN:
                return
            self._fetched_at = now
            try:
                self._keys = parse_keys(await self._fetch())
            except (OSError, TimeoutError, UnusableKeys) as error:
                log.warning("signing_keys.not_fetched", reason=str(error), kept=len(self._keys))
                self._on_fetch("error")
            else:
                self._on_fetch("ok")
