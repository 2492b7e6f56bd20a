"""What Schemathesis loads: who sends a case, how our scalars look, and what counts as a fault.

It runs in an environment of its own, apart from the project's packages.
"""

import itertools
import json
import os
from importlib import import_module
from typing import Any

from hypothesis import strategies

schemathesis: Any = import_module("schemathesis")  # not there where types are checked
nodes: Any = import_module("schemathesis.graphql").nodes

FAULTS = frozenset({"INTERNAL_SERVER_ERROR", "UNAVAILABLE", "OVERLOADED", "RATE_LIMITED"})
TOKENS = itertools.cycle(os.environ["EXPLORE_TOKENS"].split())

schemathesis.graphql.scalar(
    "DateTime",
    strategies.datetimes().map(lambda time: nodes.String(f"{time.isoformat()}Z")),
)
schemathesis.graphql.scalar(
    "URL",
    strategies.from_regex(r"https?://[a-z]{1,9}\.example/[a-z]{0,9}", fullmatch=True).map(
        nodes.String
    ),
)


@schemathesis.hook
def before_call(context: Any, case: Any, kwargs: Any) -> None:  # noqa: ANN401 - see above
    """Let each case come from another viewer, so that no limit hides a fault."""
    case.headers["authorization"] = f"Bearer {next(TOKENS)}"


@schemathesis.check
def no_fault_of_ours(ctx: Any, response: Any, case: Any) -> None:  # noqa: ANN401 - see above
    """Refusals are answers; failures of ours are not."""
    codes = {
        error.get("extensions", {}).get("code")
        for error in json.loads(response.content).get("errors", ())
    }
    assert response.status_code < 500, response.text
    assert not codes & FAULTS, response.text
    assert None not in codes, response.text
