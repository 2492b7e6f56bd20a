"""A thousand requests with something broken in them: refused or answered, never failed on."""

from collections import Counter

import pytest

from tests.end_to_end.running_demo import RunningDemo
from tests.suites.mutation import mutated_bodies
from tests.suites.stranger import Stranger, codes

pytestmark = pytest.mark.end_to_end

COUNT, VIEWERS, SEED = 1_000, 10, 20_261_124


def test_no_body_makes_the_server_fail(running: RunningDemo) -> None:
    address = f"http://127.0.0.1:{running.port}"
    seen = Counter[str]()
    # Several viewers, so that no limit hides a failure.
    tokens = [running.token(f"mutant-{number}") for number in range(VIEWERS)]
    senders = [Stranger(address, authorization=f"Bearer {token}") for token in tokens]
    for number, body in enumerate(mutated_bodies(COUNT, SEED)):
        answer = senders[number % VIEWERS].post(body)
        assert answer.status_code < 500, (body, answer.text)
        seen.update(codes(answer) or ["ANSWERED"])
        assert not {"INTERNAL_SERVER_ERROR", "UNAVAILABLE", "RATE_LIMITED"} & seen.keys(), body
    assert {"ANSWERED", "BAD_USER_INPUT", "PERSISTED_QUERY_NOT_FOUND"} <= seen.keys()
    assert {"GRAPHQL_PARSE_FAILED", "GRAPHQL_VALIDATION_FAILED"} <= seen.keys()
