"""Which operations have compiled plans, and for which values of their conditions; all bounded."""

from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final, Literal

from graphql import (
    DirectiveNode,
    FragmentDefinitionNode,
    GraphQLSchema,
    Node,
    OperationDefinitionNode,
    VariableNode,
)

from server.plan_compiler import Plan
from server.prepared_document import walk

MAX_OPERATIONS: Final = 512
MAX_CANDIDATES: Final = 64
MAX_VARIANTS: Final = 16
CONDITIONS: Final = frozenset({"skip", "include"})

Outcome = Literal["compile", "plan", "deopt"]
FieldsPlan = tuple[Plan, Sequence[str]]
Plans = dict[tuple[object, ...], Any]  # a Plan, a FieldsPlan, or None: left to the reference


class OperationPlans:
    """The plans of one operation of one schema, by the values of the variables in conditions.

    It holds the nodes that its keys are the ids of, so that those ids are not given out again.
    """

    def __init__(
        self,
        schema: GraphQLSchema,
        operation: OperationDefinitionNode,
        fragments: Sequence[FragmentDefinitionNode],
    ) -> None:
        self.schema = schema
        self.operation = operation
        self._fragments = fragments
        directives = list(self._directives())
        self._is_eligible = all(node.name.value in CONDITIONS for node in directives)
        self._condition_names = sorted(
            {
                argument.value.name.value
                for node in directives
                for argument in node.arguments or ()
                if isinstance(argument.value, VariableNode)
            }
        )
        self._variants: OrderedDict[tuple[object, ...], Plans] = OrderedDict()

    def __len__(self) -> int:
        return len(self._variants)

    def variant(self, variables: Mapping[str, object]) -> Plans | None:
        """The plans for these values. Clients choose them, so the least recent ones go."""
        if not self._is_eligible:
            return None
        key = tuple(variables.get(name) for name in self._condition_names)
        plans = self._variants.setdefault(key, {})
        self._variants.move_to_end(key)
        if len(self._variants) > MAX_VARIANTS:
            self._variants.popitem(last=False)
        return plans

    def _directives(self) -> Iterator[DirectiveNode]:
        nodes: Sequence[Node] = (self.operation, *self._fragments)
        for start in nodes:
            yield from (node for node in walk(start) if isinstance(node, DirectiveNode))


class PlanCache:
    """The plans of one schema; an operation is compiled when it is executed a second time.

    `splices`: JSON that objects keep is taken as it stands (`orjson.Fragment`), which only orjson
    can print.
    """

    def __init__(
        self,
        on_outcome: Callable[[Outcome], None] = lambda _outcome: None,
        *,
        splices: bool = False,
    ) -> None:
        self.on_outcome = on_outcome
        self.splices = splices
        self._known: OrderedDict[int, OperationPlans] = OrderedDict()
        self._candidates: OrderedDict[int, OperationDefinitionNode] = OrderedDict()

    @property
    def operations(self) -> Sequence[OperationPlans]:
        return list(self._known.values())

    def find(
        self,
        schema: GraphQLSchema,
        operation: OperationDefinitionNode,
        fragments: Sequence[FragmentDefinitionNode],
    ) -> OperationPlans | None:
        key = id(operation)
        known = self._known.get(key)
        if known and known.operation is operation and known.schema is schema:
            self._known.move_to_end(key)
            return known
        if self._candidates.pop(key, None) is not operation:  # first sight: remember it only
            self._candidates[key] = operation
            if len(self._candidates) > MAX_CANDIDATES:
                self._candidates.popitem(last=False)
            return None
        plans = self._known[key] = OperationPlans(schema, operation, fragments)
        if len(self._known) > MAX_OPERATIONS:
            self._known.popitem(last=False)
        return plans
