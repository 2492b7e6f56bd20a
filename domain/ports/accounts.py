"""What is known of the accounts that write posts."""

from collections.abc import Collection, Mapping
from typing import Protocol

from domain.classification import AccountFacts


class Accounts(Protocol):
    async def facts(self, ids: Collection[str], *, at: float) -> Mapping[str, AccountFacts]:
        """What is known of each account at a time, its recent posts included."""
        ...
