"""What belongs to a viewer, in one round trip, and what the API writes of it."""

from collections.abc import Mapping, Sequence
from typing import Final

import msgspec
from typing_extensions import override

from domain.errors import Unavailable
from domain.interests import InterestProfile
from domain.ports.viewer_states import LiveStates
from domain.ports.viewers import Allowance, Charge, ViewerReads, Viewers
from domain.profile_packing import unpack
from domain.viewer import ViewerState
from stores import keys
from stores.redis_client import RedisClient
from stores.redis_protocol import Command, Reply, Script, as_bytes, as_int, as_list
from stores.revisions import framed, number_of, unframed

MICROSECONDS: Final = 1_000_000
MINUTE: Final = 60 * MICROSECONDS
MAX_SESSIONS: Final = 100  # of a viewer, known by name; all live no longer than the latest


class RedisViewers(Viewers, LiveStates):
    def __init__(self, redis: RedisClient, behind: RedisClient | None = None) -> None:
        """``behind`` is for what is written behind responses, and may take its time."""
        self._redis = redis
        self._behind = behind or redis
        self._charge = Script.named("gcra")
        self._put = Script.named("put_expected")
        self._note = Script.named("note_session")
        self._pack = msgspec.msgpack.Encoder().encode
        self._unpack_state = msgspec.msgpack.Decoder(ViewerState).decode

    @override
    async def begin(
        self, viewer_id: str | None, charge: Charge | None, session_ids: Sequence[str]
    ) -> ViewerReads:
        commands: list[Command] = [("GET", keys.session(session)) for session in session_ids]
        if viewer_id is not None:
            commands += [
                ("GET", keys.profile(viewer_id)),
                ("GET", keys.state(viewer_id)),
                ("GET", keys.seen(viewer_id)),
                ("GET", keys.served(viewer_id)),
            ]
        if charge is not None:
            commands.append(self._charging(charge))
        try:
            replies = await self._redis.run(commands, scripts=(self._charge,))
        except Unavailable:
            return ViewerReads(None, InterestProfile(), ViewerState(), degraded=True)
        values = [as_bytes(reply) or b"" for reply in replies[: len(replies) - bool(charge)]]
        sessions = dict(zip(session_ids, values, strict=False))
        profile, state, seen, served = values[len(session_ids) :] or (b"", b"", b"", b"")
        return ViewerReads(
            allowance=_allowance(charge, replies[-1]) if charge else None,
            profile=_profile(profile) if profile else InterestProfile(),
            state=self._unpack_state(unframed(state)) if state else ViewerState(),
            seen=seen,
            served=served,
            sessions={session: packed for session, packed in sessions.items() if packed},
        )

    @override
    async def states(self, viewer_ids: Sequence[str]) -> Mapping[str, ViewerState]:
        values = await self._redis.values([keys.state(viewer) for viewer in viewer_ids])
        return {
            viewer: self._unpack_state(unframed(value))
            for viewer, value in zip(viewer_ids, values, strict=True)
            if value
        }

    @override
    async def write_state(self, viewer_id: str, state: ViewerState, *, expected: int) -> bool:
        value = framed(state.version, self._pack(state))
        command = self._put.call(keys.state(viewer_id), expected, value, keys.PROFILE_LIFE)
        (reply,) = await self._redis.run([command], scripts=(self._put,))
        return as_int(reply) == 1

    @override
    async def write_session(
        self,
        session_id: str,
        packed: bytes,
        *,
        viewer_id: str | None,
        served: bytes | None,
        request_id: str | None = None,
    ) -> None:
        commands: list[Command] = [
            ("SET", keys.session(session_id), packed, "EX", keys.SESSION_LIFE)
        ]
        if viewer_id is not None:
            listed = keys.sessions(viewer_id)
            commands.append(self._note.call(listed, session_id, MAX_SESSIONS, keys.SESSION_LIFE))
        if viewer_id is not None and served is not None:
            commands.append(("SET", keys.served(viewer_id), served, "EX", keys.SERVED_LIFE))
        if request_id is not None:
            replay = keys.replay(request_id)
            commands.append(("SADD", replay, session_id))
            commands.append(("EXPIRE", replay, keys.SESSION_LIFE))
        await self._behind.run(commands, scripts=(self._note,))

    @override
    async def sessions_of(self, request_id: str) -> Sequence[str]:
        (reply,) = await self._redis.run([("SMEMBERS", keys.replay(request_id))])
        return sorted((as_bytes(one) or b"").decode() for one in as_list(reply))

    def _charging(self, charge: Charge) -> Command:
        interval = round(MINUTE / charge.per_minute)
        key = keys.limit(charge.party)
        return self._charge.call(key, charge.units, interval, charge.per_minute)


def _profile(value: bytes) -> InterestProfile:
    """With nothing but its fence where it is of another version: an erasure still has to know."""
    return unpack(unframed(value)) or InterestProfile(fence=number_of(value))


def _allowance(charge: Charge, reply: Reply) -> Allowance:
    allowed, left, wait, reset = map(as_int, as_list(reply))
    return Allowance(
        allowed=bool(allowed),
        limit=charge.per_minute,
        cost=charge.units,
        remaining=left,
        retry_after=wait / MICROSECONDS,
        reset_after=reset / MICROSECONDS,
    )
