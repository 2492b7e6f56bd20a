"""The API as an app uses it: stored operations, an access token per person, patience."""

from collections.abc import Callable, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Final

import aiohttp
import msgspec

from demo.simulation.answers import Answer, Reads
from domain.errors import Unavailable

OPERATIONS: Final = Path(__file__).parents[2] / "operations"
TIMEOUT: Final = aiohttp.ClientTimeout(total=10.0)
RATE_LIMITED: Final = "RATE_LIMITED"
TokenFor = Callable[[str], str]


class AskedToWait(Exception):
    """The API limits this person; `seconds` is how long it wants to be left alone."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"for {seconds} s")
        self.seconds = seconds


class Refused(Exception):
    """The API answered with an error that waiting does not mend."""


class ExploreClient:
    """Asks one running API; `token_for` gives a person's current access token."""

    def __init__(self, session: aiohttp.ClientSession, url: str, token_for: TokenFor) -> None:
        self._session = session
        self._url = url
        self._token_for = token_for
        self._documents: dict[str, str] = {}
        self._decoder = msgspec.json.Decoder(Answer)

    async def ask(self, operation: str, variables: Mapping[str, object], viewer: str) -> Reads:
        """Run `operations/<operation>.graphql` for a viewer.

        Raises:
            Unavailable: the API is away or overloaded.
            AskedToWait: the viewer is over the limit.
            Refused: anything else.

        """
        body = {"documentId": self._document(operation), "variables": variables}
        headers = {
            "Authorization": f"Bearer {self._token_for(viewer)}",
            "Accept": "application/graphql-response+json",
            "Content-Type": "application/json",
        }
        try:
            async with self._session.post(
                self._url, data=msgspec.json.encode(body), headers=headers, timeout=TIMEOUT
            ) as response:
                answer = self._decoder.decode(await response.read())
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            raise Unavailable("the API", type(error).__name__) from error
        except msgspec.DecodeError as error:
            raise Refused(f"{operation}: not an answer of GraphQL ({error})") from error
        return _reads(operation, answer)

    def _document(self, operation: str) -> str:
        if operation not in self._documents:
            text = (OPERATIONS / f"{operation}.graphql").read_bytes()
            self._documents[operation] = f"sha256:{sha256(text).hexdigest()}"
        return self._documents[operation]


def _reads(operation: str, answer: Answer) -> Reads:
    for error in answer.errors:
        if error.extensions.code == RATE_LIMITED:
            raise AskedToWait((error.extensions.retry_after_ms or 1_000.0) / 1_000)
        if error.extensions.code in ("UNAVAILABLE", "OVERLOADED"):
            raise Unavailable("the API", error.message)
        raise Refused(f"{operation}: {error.extensions.code} {error.message}")
    return answer.data or Reads()
