"""The caller's own taste and settings: shown in words, and changed."""

from collections.abc import Sequence
from typing import Final

from msgspec.structs import replace

from domain.identifiers import Kind, decode_global_id, normalize_hashtag
from domain.viewer import ContentSettings, TargetKind, ViewerState
from services import content_settings
from services.category_catalog import CategoryCatalog
from services.context import RequestContext
from services.inputs import InterestChange, NotInterested, SettingsChange, Target
from services.interests_view import InterestsReader
from services.not_interested import NotInterestedService
from services.outcomes import Outcome, UserError, UserErrorCode, mistake
from services.statements import is_full, with_choice, with_statement, without_taste
from services.targets import Targets
from services.viewer_writes import Edit, TooContended, ViewerWrites
from services.views import InterestsView

MOST_CHOSEN: Final = 50
PATHS: Final = {
    TargetKind.CATEGORY: "category",
    TargetKind.CREATOR: "creatorId",
    TargetKind.HASHTAG: "hashtag",
}


class ViewerService:
    """Every method raises ``NotSignedIn`` for anonymous callers; changes ``Unavailable``, too."""

    def __init__(
        self,
        *,
        reader: InterestsReader,
        writes: ViewerWrites,
        targets: Targets,
        categories: CategoryCatalog,
        not_interested: NotInterestedService,
    ) -> None:
        self._reader = reader
        self._writes = writes
        self._targets = targets
        self._categories = categories
        self._not_interested = not_interested

    async def interests(self, context: RequestContext) -> InterestsView:
        context.require_viewer()
        return await self._reader.read(context, self._writes.latest(context))

    async def settings(self, context: RequestContext) -> ContentSettings:
        context.require_viewer()
        return self._writes.latest(context).settings

    async def update_interest(
        self, context: RequestContext, target: Target, change: InterestChange
    ) -> Outcome[InterestsView]:
        """Pin, mute or forget one interest."""
        context.require_viewer()
        kind, name = _named(target)
        there = bool(name) and (await self._targets.find(context, {(kind, name)}))[kind, name]
        if not there:
            error = mistake(
                UserErrorCode.NOT_FOUND, f"There is no such {kind.value}.", "target", PATHS[kind]
            )
            return Outcome(errors=(error,))
        lasting = change is not InterestChange.FORGET
        if lasting and is_full(self._writes.latest(context), kind, name):
            message = "Too many interests are pinned or muted; forget some first."
            return Outcome(errors=(mistake(UserErrorCode.TOO_MANY, message, "target"),))
        return await self._change(
            context, lambda state: with_statement(state, kind, name, change, context.now)
        )

    async def set_onboarding(
        self, context: RequestContext, slugs: Sequence[str]
    ) -> Outcome[InterestsView]:
        """Choose starting topics, instead of those chosen before."""
        context.require_viewer()
        chosen = list(dict.fromkeys(slugs))
        if len(chosen) > MOST_CHOSEN:
            message = f"At most {MOST_CHOSEN} topics can be chosen."
            return Outcome(errors=(mistake(UserErrorCode.TOO_MANY, message, "slugs"),))
        errors = tuple(
            mistake(UserErrorCode.NOT_FOUND, "There is no such category.", "slugs", str(place))
            for place, slug in enumerate(slugs)
            if self._categories.find(slug) is None
        )
        if errors:
            return Outcome(errors=errors)
        return await self._change(context, lambda state: with_choice(state, chosen, context.now))

    async def reset(self, context: RequestContext) -> Outcome[InterestsView]:
        """Forget everything learned."""
        context.require_viewer()
        return await self._change(context, lambda state: without_taste(state, context.now))

    async def update_settings(
        self, context: RequestContext, change: SettingsChange
    ) -> Outcome[ContentSettings]:
        """Change what is given."""
        context.require_viewer()
        errors = content_settings.check(change)
        if errors:
            return Outcome(errors=errors)

        def edit(state: ViewerState) -> ViewerState:
            settings = content_settings.apply(state.settings, change)
            return state if settings == state.settings else replace(state, settings=settings)

        try:
            return Outcome((await self._writes.change(context, edit)).settings)
        except TooContended as conflict:
            return Outcome(errors=(_conflict(conflict),))

    async def not_interested(
        self, context: RequestContext, statement: NotInterested
    ) -> Outcome[tuple[str, ...]]:
        """Show less of a post's kind; answers what will be shown less."""
        return await self._not_interested.mark(context, statement)

    async def _change(self, context: RequestContext, edit: Edit) -> Outcome[InterestsView]:
        try:
            state = await self._writes.change(context, edit)
        except TooContended as conflict:
            return Outcome(errors=(_conflict(conflict),))
        return Outcome(await self._reader.read(context, state))


def _named(target: Target) -> tuple[TargetKind, str]:
    """Kind and bare name; the name is empty where it cannot be one."""
    if target.category is not None:
        return TargetKind.CATEGORY, target.category
    if target.creator_global_id is not None:
        decoded = decode_global_id(target.creator_global_id)
        found = decoded is not None and decoded.kind is Kind.CREATOR
        return TargetKind.CREATOR, decoded.value if decoded is not None and found else ""
    return TargetKind.HASHTAG, normalize_hashtag(target.hashtag or "")


def _conflict(conflict: TooContended) -> UserError:
    return mistake(UserErrorCode.CONFLICT, str(conflict))
