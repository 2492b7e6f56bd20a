"""Which answers are the same for every anonymous caller, and by what they are known."""

from collections.abc import Hashable
from typing import Final

import orjson
from graphql import OperationType
from starlette.requests import Request

from server.admission import Asker, Meant
from server.http_profile import EVENT_STREAM

PRIVATE_FIELDS: Final = frozenset({"viewer", "rateLimit"})


def shared_key(request: Request, meant: Meant, asker: Asker, media_type: str) -> Hashable | None:
    """What an answer depends on that is the same for every anonymous caller; None where it isn't.

    Only stored queries by GET: their number is bounded, and only those can caches keep at all.
    """
    fits = (
        request.method == "GET"
        and asker.caller.viewer_id is None
        and meant.prepared.document_id is not None
        and meant.operation.type is OperationType.QUERY
        and media_type != EVENT_STREAM
        and not meant.operation.root_fields & PRIVATE_FIELDS
    )
    if not fits:
        return None
    variables = orjson.dumps(dict(meant.request.variables), option=orjson.OPT_SORT_KEYS)
    return meant.prepared.document_id, meant.operation.name, variables, media_type
