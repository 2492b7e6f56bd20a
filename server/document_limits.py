"""Limits on the shape of a document, judged by walking it as it would be executed, up to a bound.

Fragments are followed wherever they are spread, and fields that fall on one place of the answer
are taken together, for those are what the standard rules compare pair by pair: one field written
500 times takes them seconds, and so do pairs below pairs. The walk ends when it has met more
selections than any document may have, so fragments that double at each level cost no more than
others. This runs before the standard rules, and those run only on what passes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

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

INTROSPECTION: Final = frozenset({"__schema", "__type"})
MOST_TOLD: Final = 5  # of the fragments that nothing uses


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentLimits:
    """What one document may have; an operation is measured with all its fragments followed.

    `selections` are those of all operations.
    `repeats`: how often one response name may be asked for at one place of the answer;
    `comparisons`: pairs of such fields in all.
    """

    characters: int = 15_000
    tokens: int = 1_000
    comments: int = 50
    operations: int = 10
    fragments: int = 50
    selections: int = 2_000
    depth: int = 12
    aliases: int = 15
    directives: int = 50
    root_fields: int = 10
    repeats: int = 10
    comparisons: int = 1_000
    nesting: int = 100


@dataclass(slots=True)
class Shape:
    """What was met in an operation, by the names of limits."""

    selections: int = 0
    depth: int = 0
    aliases: int = 0
    directives: int = 0
    root_fields: int = 0
    repeats: int = 0
    comparisons: int = 0
    nesting: int = 0

    def exceeded(self, limits: DocumentLimits) -> Sequence[GraphQLError]:
        return [
            _refusal(name, measured, allowed)
            for name in self.__slots__
            if (measured := getattr(self, name)) > (allowed := getattr(limits, name))
        ]


class _Place(NamedTuple):
    """Selection sets whose fields fall on one place of the answer."""

    sets: Sequence[SelectionSetNode]
    depth: int
    describes_schema: bool  # deep by nature, with a rule of its own


class _Walk:
    def __init__(
        self, fragments: Mapping[str, FragmentDefinitionNode], limits: DocumentLimits
    ) -> None:
        self._fragments = fragments
        self._limits = limits
        self.followed: set[str] = set()
        self.shape = Shape()

    def measure(self, operation: OperationDefinitionNode) -> Sequence[GraphQLError]:
        """What the operation exceeds."""
        self.shape = Shape(selections=self.shape.selections)
        self.shape.directives = len(operation.directives or ())
        self._walk(operation.selection_set)
        return self.shape.exceeded(self._limits)

    def _walk(self, root: SelectionSetNode) -> None:
        shape = self.shape
        places = [_Place([root], 1, describes_schema=False)]
        while places:
            place = places.pop()
            fields = self._fields(place.sets)
            if self._is_over:
                return
            if place.depth == 1:
                shape.root_fields = sum(map(len, fields.values()))
            if not place.describes_schema:
                shape.depth = max(shape.depth, place.depth)
            for same in fields.values():
                shape.repeats = max(shape.repeats, len(same))
                shape.comparisons += len(same) * (len(same) - 1) // 2
                if below := [node.selection_set for node in same if node.selection_set]:
                    deep = place.describes_schema or same[0].name.value in INTROSPECTION
                    places.append(_Place(below, place.depth + 1, deep))

    @property
    def _is_over(self) -> bool:
        """Whether what is left could not change that the document is refused."""
        shape, limits = self.shape, self._limits
        return shape.selections > limits.selections or shape.nesting > limits.nesting

    def _fields(self, sets: Sequence[SelectionSetNode]) -> Mapping[str, Sequence[FieldNode]]:
        """The fields of all sets by response name, fragments followed."""
        fields: dict[str, list[FieldNode]] = {}
        waiting = [(selection, 0) for one in sets for selection in one.selections]
        shape = self.shape
        while waiting and not self._is_over:
            selection, nesting = waiting.pop()
            shape.selections += 1
            shape.nesting = max(shape.nesting, nesting)
            shape.directives += len(selection.directives or ())
            if isinstance(selection, FieldNode):
                shape.aliases += selection.alias is not None
                fields.setdefault((selection.alias or selection.name).value, []).append(selection)
            else:
                waiting += [(inner, nesting + 1) for inner in self._inside(selection)]
        return fields

    def _inside(self, selection: SelectionNode) -> Sequence[SelectionNode]:
        """What a fragment, named or not, selects; nothing where there is none of that name."""
        if isinstance(selection, FragmentSpreadNode):
            self.followed.add(selection.name.value)
            definition = self._fragments.get(selection.name.value)
            return definition.selection_set.selections if definition else ()
        inner: SelectionSetNode | None = getattr(selection, "selection_set", None)
        return inner.selections if inner else ()


def violations(document: DocumentNode, limits: DocumentLimits) -> Sequence[GraphQLError]:
    """What the document exceeds; empty where it may go on to the standard rules."""
    definitions = document.definitions
    operations = [node for node in definitions if isinstance(node, OperationDefinitionNode)]
    fragments = {
        node.name.value: node for node in definitions if isinstance(node, FragmentDefinitionNode)
    }
    for name, count in (("operations", len(operations)), ("fragments", len(fragments))):
        if count > (allowed := getattr(limits, name)):
            return [_refusal(name, count, allowed)]
    walk = _Walk(fragments, limits)
    for operation in operations:
        if errors := walk.measure(operation):
            return errors
    # Nothing was measured of these, and the standard rules would compare all that they hold.
    unused = [node for name, node in fragments.items() if name not in walk.followed]
    return [
        GraphQLError(f"Fragment '{node.name.value}' is never used.", node)
        for node in unused[:MOST_TOLD]
    ]


def _refusal(limit: str, measured: int, allowed: int) -> GraphQLError:
    words = limit.replace("_", " ")
    return GraphQLError(f"The document is too complex: {words} {measured}, at most {allowed}.")
