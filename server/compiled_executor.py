"""An executor that completes plain objects and lists by generated Python functions.

Where every field below a value is a plain attribute, one function completes it (a dict literal per
object) instead of some 4 us of interpretation per field. Fields with resolvers still run in the
reference executor, and on any anomaly (null in a non-null place, another class, an exception, an
awaitable, a failing coercion) the same value is completed again by it, so that data, messages,
paths and null propagation are its own.

Interfaces, unions and `@defer`/`@stream` are left to the reference executor; operations with other
directives, extensions with `resolve` and abort signals switch compilation off. A fallback reads
properties twice, and in objects with resolver fields plain attributes are read first.
"""

# ruff: noqa: ANN401 - values of any type, and types of the library that are generic in themselves
# The library's types are generics of unknown types:
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false

from collections.abc import Mapping
from typing import Any

from graphql import get_named_type, is_composite_type
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext
from typing_extensions import override

from server.plan_cache import FieldsPlan, PlanCache, Plans
from server.plan_compiler import DEFINITION, Plan, PlanCompiler, literal

_UNKNOWN = object()


class CompiledExecutor(StrawberryGraphQLCoreExecutionContext):
    """Uses the plans of the schema's `PlanCache` (`ExecutableSchema.plans`), if it has one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cache = getattr(self.schema.extensions.get(DEFINITION), "plans", None)
        middleware = self.middleware_manager and self.middleware_manager.middlewares
        usable = self.abort_signal is None and self.error_propagation and not middleware
        self._plans: Plans | None = None
        if usable and isinstance(cache, PlanCache):
            fragments = [fragment.definition for fragment in self.fragments.values()]
            operation = cache.find(self.schema, self.operation, fragments)
            if operation is not None:
                self._plans = operation.variant(self.variable_values.coerced)
                self._report = cache.on_outcome
                self._splices = cache.splices

    @override
    def complete_value(
        self,
        return_type: Any,
        field_details_list: Any,
        info: Any,
        path: Any,
        result: Any,
        position_context: Any,
    ) -> Any:
        if self._plans is not None and result is not None:
            key = (id(return_type), *[id(detail.node) for detail in field_details_list])
            plan = self._plans.get(key, _UNKNOWN)
            if plan is _UNKNOWN:
                plan = self._plans[key] = self._plan_for_value(return_type, field_details_list)
            if plan is not None:
                try:
                    completed = plan(result)
                except Exception:  # noqa: BLE001 - whatever it is, the reference executor says it
                    self._report("deopt")
                else:
                    self._report("plan")
                    return completed
        return super().complete_value(
            return_type, field_details_list, info, path, result, position_context
        )

    @override
    def execute_fields(
        self,
        parent_type: Any,
        source_value: Any,
        path: Any,
        grouped_field_set: Any,
        position_context: Any,
    ) -> Any:
        """Objects with resolver fields: the plain ones in one function, the others as ever."""
        rest = super().execute_fields
        everything = (parent_type, source_value, path, grouped_field_set, position_context)
        if self._plans is None or path is None:
            return rest(*everything)
        nodes = [id(detail.node) for details in grouped_field_set.values() for detail in details]
        key = (id(parent_type), None, *nodes)
        plan = self._plans.get(key, _UNKNOWN)
        if plan is _UNKNOWN:
            plan = self._plans[key] = self._plan_for_fields(parent_type, grouped_field_set)
        if plan is None:
            return rest(*everything)
        try:
            results = plan[0](source_value)
        except Exception:  # noqa: BLE001 - whatever it is, the reference executor says it
            self._report("deopt")
            return rest(*everything)
        with_resolvers = {name: grouped_field_set[name] for name in plan[1]}
        resolved: Any = rest(parent_type, source_value, path, with_resolvers, position_context)
        if not self.is_awaitable(resolved):
            return results | resolved

        async def merged() -> dict[str, Any]:
            return results | await resolved

        return merged()

    def _plan_for_value(self, return_type: Any, details: list[Any]) -> Plan | None:
        if not is_composite_type(get_named_type(return_type)):
            return None
        self._report("compile")
        compiler = PlanCompiler(self, splices=self._splices)
        try:
            return compiler.finish(compiler.value(return_type, details, "v"))
        except Exception:  # noqa: BLE001 - `Deopt`, or a type that does something unforeseen
            return None

    def _plan_for_fields(self, parent_type: Any, grouped: Mapping[str, Any]) -> FieldsPlan | None:
        compiler = PlanCompiler(self, splices=self._splices)
        try:
            expressions = compiler.fields(parent_type, grouped)
            resolved = [name for name, value in expressions.items() if value is None]
            if len(expressions) - len(resolved) < 2:  # noqa: PLR2004 - one field is not worth it
                return None
            return compiler.finish(literal(expressions)), resolved
        except Exception:  # noqa: BLE001 - `Deopt`, or a type that does something unforeseen
            return None
