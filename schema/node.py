"""Objects with a global id."""

import strawberry


@strawberry.interface(description="An object that has a global id and can be asked for by it.")
class Node:
    id: strawberry.ID = strawberry.field(
        description="Names the object everywhere in this API; opaque, the same for all callers."
    )
