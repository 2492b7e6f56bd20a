"""Whom a request is charged to, how much, and what is done while Redis does not answer.

One unit is the price of a page of 20 posts with creators and categories; a document is charged
before it runs, in one of three buckets. Each bucket fills continuously (GCRA), so that no window's
border admits twice the limit.
"""

from collections import OrderedDict
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from domain.ports.viewers import Allowance, Charge
from runtime.clock import Clock
from server.caller import Caller
from server.cost import units
from server.prepared_document import PreparedOperation

MINUTE: Final = 60.0
MAX_PARTIES: Final = 10_000
DEVELOPMENT_FACTOR: Final = 10
SEARCH_FIELDS: Final = frozenset({"search", "suggest"})
FREE_FIELDS: Final = frozenset({"rateLimit", "__typename"})


class Bucket(StrEnum):
    """The value begins the name of each party charged in the bucket."""

    VIEWER = "viewer"
    ADDRESS = "address"
    SEARCH = "search"


@dataclass(frozen=True, slots=True, kw_only=True)
class Quotas:
    """Units per minute."""

    viewer: int = 120
    address: int = 30
    search: int = 60

    def times(self, factor: int) -> "Quotas":
        return Quotas(
            viewer=self.viewer * factor,
            address=self.address * factor,
            search=self.search * factor,
        )


def party_of(caller: Caller, address: str) -> str:
    """Who a request counts as: its viewer, an anonymous one its address."""
    if caller.viewer_id is None:
        return f"{Bucket.ADDRESS}:{address}"
    return f"{Bucket.VIEWER}:{caller.viewer_id}"


def charge_for(
    operation: PreparedOperation, points: int, caller: Caller, address: str, quotas: Quotas
) -> Charge:
    """The charge of one request.

    Search has a bucket of its own. A document that mixes search with other fields is charged where
    the limit is lower, so that adding a search to a document never buys a higher limit.
    """
    party = party_of(caller, address)
    per_minute = quotas.address if caller.viewer_id is None else quotas.viewer
    charged = operation.root_fields - FREE_FIELDS
    searches = charged & SEARCH_FIELDS
    if searches and (searches == charged or quotas.search < per_minute):
        party, per_minute = f"{Bucket.SEARCH}:{party}", quotas.search
    return Charge(party, units(points) if charged else 0, per_minute)


def bucket_of(charge: Charge) -> Bucket:
    return Bucket(charge.party.partition(":")[0])


class LocalRateLimits:
    """The same limits kept by this process alone, for while Redis does not answer."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._full_again_at: OrderedDict[str, float] = OrderedDict()

    def take(self, charge: Charge) -> Allowance:
        """Charge a party if it has that much left.

        The least recently seen of more than 10,000 parties is forgotten, which favors it.
        """
        now = self._clock.monotonic()
        seconds_per_unit = MINUTE / charge.per_minute
        before = max(now, self._full_again_at.get(charge.party, now))
        after = before + charge.units * seconds_per_unit
        wait = after - MINUTE - now
        allowed = wait <= 0 or charge.units == 0
        if allowed and after > now:
            self._full_again_at[charge.party] = after
            self._full_again_at.move_to_end(charge.party)
            if len(self._full_again_at) > MAX_PARTIES:
                self._full_again_at.popitem(last=False)
        reset = (after if allowed else before) - now
        left = max(0, int((MINUTE - reset) / seconds_per_unit + 1e-9))
        retry_after = 0.0 if allowed else wait
        return Allowance(allowed, charge.per_minute, charge.units, left, retry_after, reset)
