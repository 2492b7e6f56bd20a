"""The round trip before an operation: sessions read ahead, what is known without Redis."""

from domain.cursors import SessionCursor, SessionCursors
from domain.ports.viewers import Charge
from domain.viewer import ContentSettings, ViewerState
from server.caller import ANONYMOUS, Caller
from server.round_trip import RoundTrip
from services.viewer_restore import ViewerRestore
from tests.services.world import SECRETS, World

CHARGE = Charge("viewer:me", 1, 60)
ME = Caller(viewer_id="me")


def round_trip(world: World) -> RoundTrip:
    restore = ViewerRestore(world.viewers, world.states, world.background)
    return RoundTrip(world.viewers, SessionCursors(SECRETS), restore)


async def test_sessions_that_cursors_name_are_read_ahead(world: World) -> None:
    cursor = SessionCursors(SECRETS).encode(SessionCursor("ab" * 16, 20), b"12345678")
    world.viewers.sessions["ab" * 16] = b"packed"
    begin = round_trip(world)
    reads = await begin(ANONYMOUS, CHARGE, [cursor, "nonsense", cursor])
    assert reads.sessions == {"ab" * 16: b"packed"}
    assert reads.allowance is not None


async def test_while_redis_is_away_what_viewers_said_still_holds(world: World) -> None:
    begin = round_trip(world)
    state = ViewerState(version=3, settings=ContentSettings(muted_keywords=("spoiler",)))
    world.viewers.kept_states["me"] = state
    await begin(ME, CHARGE, [])
    world.viewers.away = True
    reads = await begin(ME, CHARGE, [])
    assert reads.degraded
    assert reads.state == state
    assert reads.allowance is None
    reads = await begin(Caller(viewer_id="you"), CHARGE, [])
    assert reads.state == ViewerState()


async def test_a_state_that_redis_lost_is_brought_back(world: World) -> None:
    begin = round_trip(world)
    state = ViewerState(version=3, settings=ContentSettings(region="DE"))
    await world.states.write("me", state)
    assert (await begin(ME, CHARGE, [])).state == ViewerState()
    await world.settle()
    assert (await begin(ME, CHARGE, [])).state == state


async def test_a_newcomers_first_state_is_brought_back_as_well(world: World) -> None:
    begin = round_trip(world)
    await begin(ME, CHARGE, [])
    await world.settle()
    state = ViewerState(version=1, blocked=("troll",))
    world.viewers.kept_states["me"] = state
    await world.states.write("me", state)
    assert (await begin(ME, CHARGE, [])).state == state
    world.viewers.kept_states.clear()  # what a store does that loses its data
    await begin(ME, CHARGE, [])
    await world.settle()
    assert (await begin(ME, CHARGE, [])).state == state
