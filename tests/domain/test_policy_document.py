"""The policy in `docs/safety.md` is the one in force, row by row."""

import math
from pathlib import Path

from domain.policy import EVERYWHERE, LISTS, PAGES, Band, Rule, Surface
from domain.policy_table import RULES

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "safety.md"
HEAD = """\
| # | where | status | score | viewer | author | then | reason | ends after |
|---|---|---|---|---|---|---|---|---|
"""
PLACES: dict[tuple[Surface, ...], str] = {
    EVERYWHERE: "everywhere",
    LISTS: "lists",
    PAGES: "pages",
}


def test_the_table_in_the_documents_is_the_one_in_force() -> None:
    rows = "".join(f"| {number} {row(rule)}\n" for number, rule in enumerate(RULES, 1))
    assert HEAD + rows in DOCUMENT.read_text()


def row(rule: Rule) -> str:
    cells = (
        PLACES.get(rule.surfaces) or ", ".join(one.name for one in rule.surfaces),
        ", ".join(rule.statuses) if rule.statuses else "",
        f"{rule.label} {band(rule.band)}" if rule.label and rule.band else "",
        "" if rule.setting is None else rule.setting.name.replace("_", " ").lower(),
        ", ".join(one.name.lower() for one in rule.standings) if rule.standings else "",
        rule.action.name,
        rule.reason,
        f"{rule.days:g} days" if rule.days else "",
    )
    return "| " + " | ".join(cells) + " |"


def band(held: Band) -> str:
    """As people write it: a limit that is not included is one."""
    if held.most == 1.0 and held.least == math.nextafter(round(held.least, 2), math.inf):
        return f"> {round(held.least, 2):g}"
    if held.least == 0.0:
        return f"< {round(held.most, 2):g}"
    return f"{held.least:g} to {held.most:g}"
