"""A document that was parsed and judged once, and what each request asks of it after that."""

from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, cast

from graphql import (
    ArgumentNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLSchema,
    InlineFragmentNode,
    Node,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    StringValueNode,
    ValueNode,
    VariableNode,
)

from server.cost import operation_cost

MAX_COSTS: Final = 32  # remembered per operation; clients choose the variables, so it is bounded
MAX_CURSORS: Final = 4  # sessions that one request may open ahead of its execution
WEIGHTY: Final = frozenset({"first", "ids", "if"})  # arguments that a cost depends on
_ABSENT: Final = object()


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparedDocument:
    """`errors` are those of parsing or validation; with any of them nothing may be executed.

    `document_id` is `sha256:<hex>` for a stored document, else None.
    """

    text: str
    document: DocumentNode | None
    errors: Sequence[GraphQLError] = ()
    operations: Sequence["PreparedOperation"] = ()
    document_id: str | None = None

    def operation(self, name: str | None) -> "PreparedOperation | None":
        """The operation of that name, or the only one; None where that is not exactly one."""
        if name is None:
            return self.operations[0] if len(self.operations) == 1 else None
        return next((found for found in self.operations if found.name == name), None)


class PreparedOperation:
    """One operation of a valid document with its fragments."""

    def __init__(
        self,
        schema: GraphQLSchema,
        node: OperationDefinitionNode,
        fragments: Mapping[str, FragmentDefinitionNode],
    ) -> None:
        self.node = node
        self.name = node.name.value if node.name else None
        self.type = node.operation
        self._schema = schema
        self._fragments = fragments
        self.root_fields = frozenset(_names(node.selection_set, fragments, set()))
        nodes = [part for start in (node, *fragments.values()) for part in walk(start)]
        arguments = [part for part in nodes if isinstance(part, ArgumentNode)]
        self._cursors = [part.value for part in arguments if part.name.value == "after"]
        self._weighty = sorted(
            part.value.name.value
            for part in arguments
            if part.name.value in WEIGHTY and isinstance(part.value, VariableNode)
        )
        self._costs: OrderedDict[tuple[object, ...], int] = OrderedDict()

    @property
    def is_mutation(self) -> bool:
        return self.type is OperationType.MUTATION

    def cost(self, variables: Mapping[str, object]) -> int:
        """In points. It depends on few variables, so it is remembered by their values."""
        key = tuple(_weight(variables.get(name, _ABSENT)) for name in self._weighty)
        known = self._costs.get(key)
        if known is None:
            known = operation_cost(self._schema, self.node, self._fragments, variables)
            self._costs[key] = known
            if len(self._costs) > MAX_COSTS:
                self._costs.popitem(last=False)
        return known

    def cursors(self, variables: Mapping[str, object]) -> Sequence[str]:
        """The `after` values of this request, as given: not yet known to be cursors at all."""
        given = (
            variables.get(node.name.value) if isinstance(node, VariableNode) else _text(node)
            for node in self._cursors
        )
        return [value for value in given if isinstance(value, str) and value][:MAX_CURSORS]


def walk(start: Node) -> Iterator[Node]:
    """A node and all nodes below it; spreads are not followed, so this is linear."""
    waiting = [start]
    while waiting:
        node = waiting.pop()
        yield node
        for key in node.keys:
            below: object = getattr(node, key)
            if isinstance(below, Node):
                waiting.append(below)
            elif isinstance(below, list | tuple):
                waiting += [
                    part for part in cast("Sequence[object]", below) if isinstance(part, Node)
                ]


def _names(
    selection_set: SelectionSetNode | None,
    fragments: Mapping[str, FragmentDefinitionNode],
    followed: set[str],
) -> Iterator[str]:
    """Names of the fields in a selection set, through fragments."""
    for selection in selection_set.selections if selection_set else ():
        if isinstance(selection, FieldNode):
            yield selection.name.value
        elif isinstance(selection, InlineFragmentNode):
            yield from _names(selection.selection_set, fragments, followed)
        elif isinstance(selection, FragmentSpreadNode) and selection.name.value not in followed:
            followed.add(selection.name.value)
            yield from _names(fragments[selection.name.value].selection_set, fragments, followed)


def _text(node: ValueNode) -> str | None:
    return node.value if isinstance(node, StringValueNode) else None


def _weight(value: object) -> object:
    """What of a variable's value can change a cost, as a key."""
    if isinstance(value, list):
        return list, len(cast("list[object]", value))
    return (type(value), value) if isinstance(value, int) else type(value)
