"""Limits on the shape of a document, judged in one pass that is linear in the document's size.

A fragment is measured once and its measure reused, so that fragments which double at each level
cost no more than others; a limiter that follows each spread anew takes seconds for 800 bytes. This
runs before the standard rules, and those run only on what passes: comparing every pair of fields
with the same name, they take seconds for one field written 500 times.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
)

CEILING: Final = 10**9  # sums stop growing here
INTROSPECTION: Final = frozenset({"__schema", "__type"})


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentLimits:
    """`repeats`: how often one response name may occur in one selection set."""

    characters: int = 15_000
    tokens: int = 1_000
    comments: int = 50
    operations: int = 10
    depth: int = 12
    aliases: int = 15
    directives: int = 50
    root_fields: int = 10
    repeats: int = 10
    nesting: int = 100


@dataclass(slots=True)
class Shape:
    """Of one selection set with all fragments followed; `names` counts response names in it."""

    depth: int = 0
    aliases: int = 0
    directives: int = 0
    repeats: int = 0  # the largest in this set and those below it
    names: Counter[str] = field(default_factory=Counter[str])

    def add(self, other: "Shape") -> None:
        """Take in what stands beside: a fragment's or a field's shape."""
        self.depth = max(self.depth, other.depth)
        self.aliases = min(CEILING, self.aliases + other.aliases)
        self.directives = min(CEILING, self.directives + other.directives)
        self.repeats = max(self.repeats, other.repeats)
        for name, count in other.names.items():
            total = self.names[name] = min(CEILING, self.names[name] + count)
            self.repeats = max(self.repeats, total)


class _TooNested(Exception):
    """Deeper than anything measured: the pass must not run out of stack."""


class _Meter:
    def __init__(self, fragments: Mapping[str, FragmentDefinitionNode], nesting: int) -> None:
        self._fragments = fragments
        self._nesting = nesting
        self._known: dict[str, Shape] = {}

    def measure(self, selection_set: SelectionSetNode | None, level: int) -> Shape:
        if level > self._nesting:
            raise _TooNested
        shape = Shape()
        for selection in selection_set.selections if selection_set else ():
            shape.directives += len(selection.directives or ())
            shape.add(self._selection(selection, level))
        return shape

    def _selection(self, selection: SelectionNode, level: int) -> Shape:
        if isinstance(selection, FieldNode):
            return self._field(selection, level)
        if isinstance(selection, FragmentSpreadNode):
            return self._fragment(selection.name.value, level)
        return self.measure(getattr(selection, "selection_set", None), level + 1)

    def _field(self, node: FieldNode, level: int) -> Shape:
        # What describes the schema is deep by nature and has a rule of its own.
        exempt = node.name.value in INTROSPECTION
        inner = Shape() if exempt else self.measure(node.selection_set, level + 1)
        name = node.alias or node.name
        return Shape(
            depth=inner.depth + 1,
            aliases=inner.aliases + (node.alias is not None),
            directives=inner.directives,
            repeats=max(1, inner.repeats),
            names=Counter({name.value: 1}),
        )

    def _fragment(self, name: str, level: int) -> Shape:
        if name not in self._known:
            self._known[name] = Shape()  # a cycle adds nothing here, and is invalid anyway
            definition = self._fragments.get(name)
            if definition is not None:
                self._known[name] = self.measure(definition.selection_set, level + 1)
        return self._known[name]


def violations(document: DocumentNode, limits: DocumentLimits) -> list[GraphQLError]:
    """What the document exceeds; empty where it may go on to the standard rules."""
    definitions = document.definitions
    operations = [node for node in definitions if isinstance(node, OperationDefinitionNode)]
    if len(operations) > limits.operations:
        return [_refusal("operations", len(operations), limits.operations)]
    fragments = {
        node.name.value: node for node in definitions if isinstance(node, FragmentDefinitionNode)
    }
    meter = _Meter(fragments, limits.nesting)
    try:
        return [error for operation in operations for error in _exceeded(meter, operation, limits)]
    except _TooNested:
        return [_refusal("nesting", limits.nesting + 1, limits.nesting)]


def _exceeded(
    meter: _Meter, operation: OperationDefinitionNode, limits: DocumentLimits
) -> list[GraphQLError]:
    shape = meter.measure(operation.selection_set, 0)
    measured = {
        "depth": shape.depth,
        "aliases": shape.aliases,
        "directives": shape.directives + len(operation.directives or ()),
        "root_fields": min(CEILING, sum(shape.names.values())),
        "repeats": shape.repeats,
    }
    allowed = {name: int(getattr(limits, name)) for name in measured}
    return [
        _refusal(name, value, allowed[name])
        for name, value in measured.items()
        if value > allowed[name]
    ]


def _refusal(limit: str, measured: int, allowed: int) -> GraphQLError:
    words = limit.replace("_", " ")
    return GraphQLError(f"The document is too complex: {words} {measured}, at most {allowed}.")
