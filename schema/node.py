"""Objects with a global id."""

from functools import lru_cache

import strawberry

from domain.identifiers import Kind, encode_global_id

IDS_KEPT = 16_384  # a page shows some two hundred ids, and the same ones over and over


@strawberry.interface(description="An object that has a global id and can be asked for by it.")
class Node:
    id: strawberry.ID = strawberry.field(
        description="Names the object everywhere in this API; opaque, the same for all callers."
    )


@lru_cache(maxsize=IDS_KEPT)
def global_id(kind: Kind, value: str) -> strawberry.ID:
    return strawberry.ID(encode_global_id(kind, value))
