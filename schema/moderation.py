"""What moderators see: cases, their history, and why a post is not shown."""

from typing import Self

import strawberry

from domain import moderation
from domain.identifiers import Kind
from domain.moderation import ReviewStatus, SafetyReason
from domain.ports import moderation as moderation_port
from schema.node import Node, global_id
from schema.page_info import PageInfo
from schema.posts import Post
from schema.scalars import DateTime, bounded_int
from services import views
from services.inputs import ReviewDecision
from services.pages import Page


@strawberry.type(
    description="Each from 0 to 1; null where no classifier has answered, which never counts as 0."
)
class SafetyScores:
    spam: float | None = strawberry.field(
        description="How likely it is spam; null where no classifier has answered."
    )
    nsfw: float | None = strawberry.field(
        description="How likely it is unfit for work; null where no classifier has answered."
    )
    toxicity: float | None = strawberry.field(
        description="How likely it insults; null where no classifier has answered."
    )
    bot: float | None = strawberry.field(
        description="How likely a machine posted it; null where no classifier has answered."
    )
    quality: float | None = strawberry.field(
        description="How good it is; null where no classifier has answered."
    )

    @classmethod
    def of(cls, scores: moderation.SafetyScores) -> Self:
        return cls(
            spam=scores.spam,
            nsfw=scores.nsfw,
            toxicity=scores.toxicity,
            bot=scores.bot,
            quality=scores.quality,
        )


@strawberry.type(description="A decision in a case's history.")
class ModerationEvent:
    at: DateTime = strawberry.field(description="When it was made.")
    actor: str = strawberry.field(description="Who made it.")
    decision: ReviewDecision = strawberry.field(description="What was decided.")
    reason: str | None = strawberry.field(description="Why; null where nobody said.")
    note: str | None = strawberry.field(
        description="For other moderators; null where there is none."
    )

    @classmethod
    def of(cls, event: views.ModerationEventView) -> Self:
        return cls(
            at=DateTime(event.at),
            actor=event.actor,
            decision=event.decision,
            reason=event.reason,
            note=event.note,
        )


@strawberry.type(description="A moderator who works on a case; nobody else can decide meanwhile.")
class ModerationClaim:
    moderator: str = strawberry.field(description="Who it is.")
    until: DateTime = strawberry.field(description="When it ends by itself.")
    is_mine: bool = strawberry.field(description="Whether it is the caller.")

    @classmethod
    def of(cls, claim: views.ClaimView) -> Self:
        return cls(moderator=claim.moderator, until=DateTime(claim.until), is_mine=claim.is_mine)


@strawberry.type(description="What a viewer told about a post.")
class ViewerReport:
    at: DateTime = strawberry.field(description="When.")
    reason: SafetyReason = strawberry.field(description="What is wrong with the post.")
    note: str | None = strawberry.field(description="What the viewer added; null: nothing.")

    @classmethod
    def of(cls, report: moderation_port.ViewerReport) -> Self:
        return cls(at=DateTime(report.at), reason=report.reason, note=report.note)


@strawberry.type(description="A post that waits for a person's decision, or has had one.")
class ModerationCase(Node):
    post: Post = strawberry.field(description="The post.")
    status: ReviewStatus = strawberry.field(description="What was decided so far.")
    scores: SafetyScores = strawberry.field(description="What the classifiers say.")
    reasons: list[SafetyReason] = strawberry.field(description="Why it is here.")
    would_trend: bool = strawberry.field(
        description="Whether the post would trend if it were approved."
    )
    reports: int = strawberry.field(
        description="How many viewers reported it since a person last decided."
    )
    reported: list[ViewerReport] = strawberry.field(
        description="The latest 20 of these reports, newest first."
    )
    claim: ModerationClaim | None = strawberry.field(
        description="Who works on it now; null where nobody does."
    )
    created_at: DateTime = strawberry.field(description="Since when there is a case.")
    history: list[ModerationEvent] = strawberry.field(description="Decisions, oldest first.")

    @classmethod
    def of(cls, view: views.ModerationCaseView) -> Self:
        return cls(
            id=global_id(Kind.MODERATION_CASE, view.card.record.id),
            post=Post.of(view.card),
            status=view.status,
            scores=SafetyScores.of(view.scores),
            reasons=list(view.reasons),
            would_trend=view.would_trend,
            reports=bounded_int(view.reports),
            reported=[ViewerReport.of(report) for report in view.reported],
            claim=None if view.claim is None else ModerationClaim.of(view.claim),
            created_at=DateTime(view.created_at),
            history=[ModerationEvent.of(event) for event in view.history],
        )


@strawberry.type(description="A case's place in the queue.")
class ModerationCaseEdge:
    cursor: str = strawberry.field(description="Give it as `after` to go on behind this edge.")
    node: ModerationCase = strawberry.field(description="The case.")

    @classmethod
    def of(cls, item: views.ModerationCaseItem) -> Self:
        return cls(cursor=item.cursor, node=ModerationCase.of(item.case))


@strawberry.type(description="Posts that wait for a person, most urgent first.")
class ModerationCaseConnection:
    edges: list[ModerationCaseEdge] = strawberry.field(description="The cases with their places.")
    nodes: list[ModerationCase] = strawberry.field(description="The cases alone.")
    page_info: PageInfo = strawberry.field(description="Where this page lies.")
    total_count: int = strawberry.field(description="How many wait in all.")

    @classmethod
    def of(cls, page: Page[views.ModerationCaseItem]) -> Self:
        edges = [ModerationCaseEdge.of(item) for item in page.items]
        return cls(
            edges=edges,
            nodes=[edge.node for edge in edges],
            page_info=PageInfo.of(page),
            total_count=bounded_int(page.total or 0),
        )


@strawberry.type(description="A stage that a post has to pass to be shown.")
class WhyNotCheck:
    stage: str = strawberry.field(description="The stage.")
    passed: bool = strawberry.field(description="Whether the post passes it.")
    detail: str = strawberry.field(description="What was found.")


@strawberry.type(description="Why a post is or is not shown to a viewer now, stage by stage.")
class WhyNot:
    eligible: bool = strawberry.field(description="Whether it can be shown.")
    verdict: str = strawberry.field(description="The answer in a sentence.")
    checks: list[WhyNotCheck] = strawberry.field(description="The stages in their order.")

    @classmethod
    def of(cls, view: views.WhyNotView) -> Self:
        return cls(
            eligible=view.eligible,
            verdict=view.verdict,
            checks=[
                WhyNotCheck(stage=check.stage, passed=check.passed, detail=check.detail)
                for check in view.checks
            ],
        )
