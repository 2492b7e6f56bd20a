"""Answers that are the same for every anonymous caller: one rendering for as long as lists stand.

A rendering is used again until anything changed that lists are made of, and at most for half of
the time that shared caches may keep it, so that both together outlive no withdrawal by more than
that time. Its request id and impression tokens are those of whoever caused it.
"""

import math
from collections import OrderedDict
from collections.abc import Callable, Hashable
from hashlib import blake2b
from typing import Final, NamedTuple

from starlette.responses import Response

from runtime.clock import Clock

MAX_AGE: Final = 10.0  # seconds; what is withdrawn may live on in shared caches for so long
USED: Final = 5.0  # seconds that a rendering is used again
MOST: Final = 256  # renderings
NOT_MODIFIED: Final = 304
ETAG_BYTES: Final = 16


class _Rendering(NamedTuple):
    version: object
    made_at: float
    body: bytes
    content_type: str
    etag: str


class SharedAnswers:
    """`version` changes whenever lists may have."""

    def __init__(self, clock: Clock, version: Callable[[], object]) -> None:
        self._clock = clock
        self._version = version
        self._renderings: OrderedDict[Hashable, _Rendering] = OrderedDict()

    def __len__(self) -> int:
        return len(self._renderings)

    def find(self, key: Hashable, if_none_match: str | None) -> Response | None:
        """The answer of that key, if one can still be used."""
        found = self._renderings.get(key)
        if found is None:
            return None
        age = self._clock.monotonic() - found.made_at
        if age >= USED or found.version != self._version():
            del self._renderings[key]
            return None
        self._renderings.move_to_end(key)
        return _response(found, age, if_none_match)

    @property
    def version(self) -> object:
        """To be asked for before an answer is made that is to be shared."""
        return self._version()

    def share(
        self, key: Hashable, version: object, answer: Response, if_none_match: str | None
    ) -> Response:
        """Keep a fresh answer and make it one that caches may keep."""
        body = bytes(answer.body)
        etag = f'"{blake2b(body, digest_size=ETAG_BYTES).hexdigest()}"'
        made = _Rendering(
            version, self._clock.monotonic(), body, answer.headers["content-type"], etag
        )
        self._renderings[key] = made
        if len(self._renderings) > MOST:
            self._renderings.popitem(last=False)
        return _response(made, 0.0, if_none_match)


def _response(made: _Rendering, age: float, if_none_match: str | None) -> Response:
    left = math.floor(MAX_AGE - age)
    headers = {"etag": made.etag, "cache-control": f"public, max-age={left}"}
    if _is_known(made.etag, if_none_match):
        return Response(status_code=NOT_MODIFIED, headers=headers)
    return Response(made.body, headers={"content-type": made.content_type, **headers})


def _is_known(etag: str, if_none_match: str | None) -> bool:
    """Compared weakly, as RFC 9110 has it: what compresses answers on their way marks tags so."""
    known = [tag.strip().removeprefix("W/") for tag in (if_none_match or "").split(",")]
    return etag in known or known == ["*"]
