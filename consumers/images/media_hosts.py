"""The hosts whose pictures are looked at, as ``EXPLORE_MEDIA_HOSTS`` names them.

A bare host stands for http and https at their usual ports and at public addresses. A host with a
port stands for that port alone, and may be this machine: a demo or a test says so by naming it.
"""

from collections.abc import Sequence
from typing import Final

from yarl import URL

SCHEMES: Final = ("https", "http")
LONGEST: Final = 2_048  # characters of an address


class MediaHosts:
    def __init__(self, entries: Sequence[str]) -> None:
        named = [URL(f"//{entry}") for entry in entries]
        self._bare = {url.raw_host for url in named if url.explicit_port is None}
        self._with_port = {(url.raw_host, url.port) for url in named if url.explicit_port}

    def __bool__(self) -> bool:
        return bool(self._bare or self._with_port)

    def admitted(self, address: str) -> URL | None:
        """An address that may be asked, read as the client reads it; None where it may not."""
        if len(address) > LONGEST:
            return None
        try:
            url = URL(address)
            usable = url.scheme in SCHEMES and url.user is None and url.password is None
            admitted = self.names_port(url) or (
                url.raw_host in self._bare and url.is_default_port()
            )
        except ValueError:
            return None
        return url.with_fragment(None) if usable and admitted else None

    def names_port(self, url: URL) -> bool:
        return (url.raw_host, url.port) in self._with_port
