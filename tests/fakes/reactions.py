"""Who reacted to what, in memory."""

from collections.abc import Mapping, Sequence

from domain.events import EngagementType
from domain.ports.reactions import Reaction, Verdict
from domain.reactions import UNTOUCHED, ReactionState, react


class MemoryReactions:
    def __init__(self) -> None:
        self.states: dict[tuple[str, str, EngagementType], ReactionState] = {}

    async def apply(self, batch: Sequence[Reaction]) -> Sequence[Verdict]:
        verdicts: list[Verdict] = []
        for reaction in batch:
            key = (reaction.user_id, reaction.post_id, reaction.type)
            state, verdict = react(self.states.get(key, UNTOUCHED), reaction)
            self.states[key] = state
            verdicts.append(verdict)
        return verdicts

    async def of_viewer(
        self, user_id: str, post_ids: Sequence[str]
    ) -> Mapping[str, frozenset[EngagementType]]:
        found: dict[str, set[EngagementType]] = {}
        for (user, post_id, type_), state in self.states.items():
            if (
                user == user_id
                and post_id in post_ids
                and state.count
                and type_ is not EngagementType.VIEW
            ):
                found.setdefault(post_id, set()).add(type_)
        return {post_id: frozenset(types) for post_id, types in found.items()}
