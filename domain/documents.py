"""App versions and the stored GraphQL operations that they use."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

_CLIENT: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_./-]{0,99}@[A-Za-z0-9][A-Za-z0-9_.+-]{0,99}")


class ClientState(StrEnum):
    """The operations of a published version are served."""

    CREATED = "created"
    PUBLISHED = "published"
    RETIRED = "retired"


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentClient:
    """An app version; `documents` is how many it uses, `changed_at` when its state changed."""

    name: str
    state: ClientState
    documents: int
    changed_at: float


def is_client(text: str) -> bool:
    """Whether a text is `NAME@VERSION`."""
    return _CLIENT.fullmatch(text) is not None
