"""A feature that a source has computed already."""

from dataclasses import dataclass

from domain.ranking.candidates import Candidates, Floats
from domain.ranking.features.columns import checked_column, column
from domain.ranking.query import Query


@dataclass(frozen=True, slots=True)
class Given:
    """The caller's column of this name, which must lie in [0, 1] or [-1, 1]."""

    name: str

    def __post_init__(self) -> None:
        checked_column(self.name)

    def __call__(self, candidates: Candidates, query: Query) -> Floats:  # noqa: ARG002 - the form
        return column(candidates, self.name)
