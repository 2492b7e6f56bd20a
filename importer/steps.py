"""How counts in files become steps of counters."""

from typing import Final, NamedTuple

from domain.events import EngagementType
from importer.identifiers import source_of
from importer.rows import InteractionRow, ObservationRow, PostRow

_REACTIONS: Final = {
    "comment": (EngagementType.COMMENT, 1),
    "answer": (EngagementType.COMMENT, 1),
    "bookmark": (EngagementType.SAVE, 1),
    "upvote": (EngagementType.LIKE, 1),
    "downvote": (EngagementType.LIKE, -1),  # such sources give likes as up- less down-votes
}


class Counts(NamedTuple):
    """Totals of one post."""

    likes: int = 0
    comments: int = 0
    views: int = 0

    def observed(self, row: ObservationRow) -> "Counts":
        """The totals after an observation; what it did not see stays."""
        return Counts(
            self.likes if row.likes is None else row.likes,
            self.comments if row.comments is None else row.comments,
            self.views if row.views is None else row.views,
        )

    def plus(self, type_: EngagementType, delta: int) -> "Counts":
        match type_:
            case EngagementType.LIKE:
                return self._replace(likes=self.likes + delta)
            case EngagementType.COMMENT:
                return self._replace(comments=self.comments + delta)
            case _:
                return self

    def since(self, earlier: "Counts") -> list[tuple[EngagementType, int]]:
        """The steps other than 0 from `earlier` to here."""
        steps = (
            (EngagementType.LIKE, self.likes - earlier.likes),
            (EngagementType.COMMENT, self.comments - earlier.comments),
            (EngagementType.VIEW, self.views - earlier.views),
        )
        return [(type_, delta) for type_, delta in steps if delta]


def reaction_of(row: InteractionRow) -> tuple[EngagementType, int]:
    return _REACTIONS[row.type]


def creator_of(row: PostRow) -> str:
    """Whose post it is, as the file calls it; the first tag's where no author is known."""
    return row.author or f"{source_of(row.id)}:{(row.tags or [''])[0]}"


def remainder(row: PostRow, dated: Counts) -> list[tuple[EngagementType, int]]:
    """The part of a post's final counts that no row with a time of its own accounts for."""
    final = Counts(
        max(row.likes or 0, dated.likes),
        max(row.comments or 0, dated.comments),
        max(row.views or 0, dated.views),
    )
    return final.since(dated)
