"""What a document costs, in points, computed before it runs.

An object costs 1, a scalar nothing; a connection multiplies what is below `edges` and `nodes` by
the page asked for, a plain list by 5 (or by the number of ids given to it). What makes us work
however little is selected of it has a price besides: a list that is ranked or read for it, more
where engines search and where a hundred events may come at once. A fragment is
computed once, as a sum whose part per list item is kept apart, so that `first` of any spread
applies to it: cost(n) = fixed + n * per_item. Selections on several types of one interface add up.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple, cast

from graphql import (
    ArgumentNode,
    BooleanValueNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLArgument,
    GraphQLField,
    GraphQLList,
    GraphQLNamedType,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    ListValueNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
    ValueNode,
    VariableNode,
)

from server.document_limits import INTROSPECTION

LARGEST: Final = 5_000  # points that a document may cost
UNIT: Final = 1_000  # points of one unit of a rate limit
ASSUMED_LIST: Final = 5
LARGEST_PAGE: Final = 100  # more is refused by the field itself, so it costs no more
CEILING: Final = 10**9
SIZED: Final = frozenset({"edges", "nodes"})
CONNECTION: Final = "Connection"  # how the names of its types end
MADE: Final = 25  # points for a connection besides what is on its page
WORK: Final = {"search": 300, "trackInteractions": 300}  # instead, by field

Variables = Mapping[str, object]


def units(points: int) -> int:
    """Points as units of a rate limit, rounded up."""
    return math.ceil(points / UNIT)


class Cost(NamedTuple):
    fixed: int = 0
    per_item: int = 0  # for each item on the page that the enclosing field asks for

    def plus(self, other: "Cost") -> "Cost":
        return Cost(
            min(self.fixed + other.fixed, CEILING), min(self.per_item + other.per_item, CEILING)
        )

    def of(self, items: int) -> int:
        return min(self.fixed + items * self.per_item, CEILING)


def operation_cost(
    schema: GraphQLSchema,
    operation: OperationDefinitionNode,
    fragments: Mapping[str, FragmentDefinitionNode],
    variables: Variables,
) -> int:
    """Points of an operation that was validated; `variables` as the request gives them."""
    given = dict(variables)
    for definition in operation.variable_definitions or ():
        default = definition.default_value
        if default is not None:
            given.setdefault(definition.variable.name.value, _literal(default))
    meter = _Meter(schema, fragments, given)
    root = schema.get_root_type(operation.operation)
    return meter.selections(operation.selection_set, root).of(ASSUMED_LIST)


class _Meter:
    def __init__(
        self,
        schema: GraphQLSchema,
        fragments: Mapping[str, FragmentDefinitionNode],
        variables: Variables,
    ) -> None:
        self._schema = schema
        self._fragments = fragments
        self._variables = variables
        self._known: dict[str, Cost] = {}

    def selections(self, node: SelectionSetNode | None, on: GraphQLNamedType | None) -> Cost:
        total = Cost()
        for selection in node.selections if node else ():
            if not self._is_left_out(selection):
                total = total.plus(self._selection(selection, on))
        return total

    def _selection(self, selection: SelectionNode, on: GraphQLNamedType | None) -> Cost:
        if isinstance(selection, FieldNode):
            return self._field(selection, on)
        if isinstance(selection, FragmentSpreadNode):
            return self._fragment(selection.name.value)
        if isinstance(selection, InlineFragmentNode):
            condition = selection.type_condition
            inner = self._schema.get_type(condition.name.value) if condition else on
            return self.selections(selection.selection_set, inner)
        return Cost()

    def _fragment(self, name: str) -> Cost:
        if name not in self._known:
            self._known[name] = Cost()
            definition = self._fragments[name]
            on = self._schema.get_type(definition.type_condition.name.value)
            self._known[name] = self.selections(definition.selection_set, on)
        return self._known[name]

    def _field(self, node: FieldNode, parent: GraphQLNamedType | None) -> Cost:
        if node.selection_set is None:
            return Cost()
        if node.name.value in INTROSPECTION:
            return Cost(1)
        fields: Mapping[str, GraphQLField] = getattr(parent, "fields", {})
        definition = fields[node.name.value]
        output = _output(definition)
        inner = self.selections(node.selection_set, output.named)
        items = self._items(node, definition)
        if not output.is_list:
            own = 1 + _work(node.name.value, output.named)
            return Cost(min(own + inner.of(ASSUMED_LIST if items is None else items), CEILING))
        each = 1 + inner.of(ASSUMED_LIST)
        if items is None and node.name.value in SIZED:
            return Cost(0, each)
        return Cost(min((ASSUMED_LIST if items is None else items) * each, CEILING))

    def _items(self, node: FieldNode, definition: GraphQLField) -> int | None:
        """How many the field is asked for; None where it takes no such argument."""
        given = {argument.name.value: argument for argument in node.arguments or ()}
        if "first" in definition.args:
            return self._page(given.get("first"), definition.args["first"])
        if "ids" in given:
            return self._length(given["ids"].value)
        return None

    def _page(self, given: ArgumentNode | None, argument: GraphQLArgument) -> int:
        """An argument that is left out or null means what the schema gives as its default."""
        value = self._value(given.value) if given else None
        if value is None:
            value = _default(argument)
        if isinstance(value, int):
            return max(0, min(value, LARGEST_PAGE))
        return LARGEST_PAGE

    def _length(self, node: ValueNode) -> int:
        value = node.values if isinstance(node, ListValueNode) else self._value(node)
        length = len(cast("Sequence[object]", value)) if isinstance(value, list | tuple) else 1
        return min(length, LARGEST_PAGE)

    def _value(self, node: ValueNode) -> object:
        if isinstance(node, VariableNode):
            return self._variables.get(node.name.value)
        return _literal(node)

    def _is_left_out(self, selection: SelectionNode) -> bool:
        excluding = {"skip": True, "include": False}
        return any(
            self._value(argument.value) is excluding.get(directive.name.value, excluding)
            for directive in selection.directives or ()
            for argument in directive.arguments or ()
        )


def _work(field: str, output: GraphQLNamedType) -> int:
    return WORK.get(field, MADE if output.name.endswith(CONNECTION) else 0)


class _Output(NamedTuple):
    """What the cost of a field depends on in its type."""

    named: GraphQLNamedType
    is_list: bool


def _output(field: Any) -> _Output:  # noqa: ANN401 - the library's type of types is only partly known
    named, is_list = field.type, False
    while (inner := getattr(named, "of_type", None)) is not None:
        is_list = is_list or type(named) is GraphQLList
        named = inner
    return _Output(named, is_list)


def _default(argument: GraphQLArgument) -> object:
    """Schemas built from SDL keep a default in one attribute, Strawberry's in another."""
    if argument.default is None:
        return argument.default_value
    return (
        _literal(argument.default.literal) if argument.default.literal else argument.default.value
    )


def _literal(node: object) -> object:
    if isinstance(node, IntValueNode):
        return min(int(node.value[:12]), CEILING)
    return node.value if isinstance(node, BooleanValueNode) else None
