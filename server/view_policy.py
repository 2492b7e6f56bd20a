"""What of the GraphQL view depends on where it runs."""

from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network

from server.http_profile import StatusProfile


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewPolicy:
    """Times in seconds; `texts_by_get`: queries that are not stored run by GET, too.

    `streams` are subscriptions that one party may keep open.
    """

    profile: StatusProfile
    query_timeout: float
    mutation_timeout: float
    trusted_proxies: Sequence[IPv4Network | IPv6Network]
    allowed_origins: Sequence[str]
    texts_by_get: bool
    streams: int
