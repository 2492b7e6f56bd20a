"""What the engines' contract suite shares: it runs on both kinds of engines."""

import pytest

from demo.engines.selection import Kind
from tests.engines_fixture import Engines


@pytest.fixture
def embedded_fails(engines: Engines, request: pytest.FixtureRequest) -> None:
    """For what the embedded engine cannot do; strict, so that a version that can is noticed."""
    if engines.kind is Kind.EMBEDDED:
        request.applymarker(pytest.mark.xfail(strict=True, reason="the embedded engine cannot"))
