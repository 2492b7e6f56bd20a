"""The first pass over the files: what there is, how far each source reaches, what is broken."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from importer.checked_rows import read_rows
from importer.files import ImportFile
from importer.identifiers import usable_id
from importer.reading import Report
from importer.rows import (
    InteractionRow,
    ObservationRow,
    PostRow,
    Row,
    UserRow,
    source_of_row,
    time_of,
)
from importer.steps import Counts, creator_of, reaction_of


@dataclass(slots=True)
class FileSurvey:
    """`ordered`: the rows stand in the order of their time and are of one source."""

    rows: int = 0
    ordered: bool = True
    latest: float = float("-inf")
    source: str | None = None


@dataclass(slots=True)
class Survey:
    """What the second pass must know beforehand.

    `newest` is the time of each source's newest fact by its own clock; `dated` what the rows with
    a time of their own add up to for a post; `creators` have posts, `users` a row in a file.
    """

    files: list[FileSurvey] = field(default_factory=list[FileSurvey])
    newest: dict[str, float] = field(default_factory=dict[str, float])
    posts: set[str] = field(default_factory=set[str])
    dated: dict[str, Counts] = field(default_factory=dict[str, Counts])
    observed_at: dict[str, float] = field(default_factory=dict[str, float])
    users: set[str] = field(default_factory=set[str])
    creators: dict[str, str] = field(default_factory=dict[str, str])

    @property
    def nameless(self) -> list[str]:
        """Creators, as the files call them, of whom no file says more; in a stable order."""
        return sorted(raw for id_, raw in self.creators.items() if id_ not in self.users)


def take_survey(files: Sequence[ImportFile], report: Report) -> Survey:
    survey = Survey()
    for file in files:
        of_file = FileSurvey()
        survey.files.append(of_file)
        for _, row in read_rows(file, report):
            _note_time(survey, of_file, row)
            _note_row(survey, row)
    return survey


def _note_time(survey: Survey, of_file: FileSurvey, row: Row) -> None:
    of_file.rows += 1
    at = time_of(row)
    if at is None:
        return
    source = source_of_row(row)
    if at < of_file.latest or source != (of_file.source or source):
        of_file.ordered = False
    of_file.latest, of_file.source = at, source
    survey.newest[source] = max(at, survey.newest.get(source, at))


def _note_row(survey: Survey, row: Row) -> None:
    match row:
        case UserRow():
            survey.users.add(usable_id(row.user_id))
        case PostRow():
            survey.posts.add(row.id)
            creator = creator_of(row)
            survey.creators.setdefault(usable_id(creator), creator)
        case ObservationRow():
            if row.at >= survey.observed_at.get(row.post_id, row.at):
                survey.observed_at[row.post_id] = row.at
                known = survey.dated.get(row.post_id, Counts())
                survey.dated[row.post_id] = known.observed(row)
        case InteractionRow():
            type_, delta = reaction_of(row)
            known = survey.dated.get(row.post_id, Counts())
            survey.dated[row.post_id] = known.plus(type_, delta)
        case _:
            pass
