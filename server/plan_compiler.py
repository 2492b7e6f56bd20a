"""Compiles a GraphQL selection on plain objects to one Python function (see compiled_executor).

The source is written from the leaves up: a dict literal per object, a comprehension per list, and
for each leaf a test whether the built-in coercion would return the value unchanged. Objects that
keep their JSON are completed once per selection and taken in as text after that. What the source
cannot express raises `Deopt`: at compile time the field is left to the reference executor, at run
time the whole value is.

Names in the source are response names (as `repr`) and Python attributes of the schema's own
classes; values enter by binding, so nothing that a client writes becomes code.
"""

# ruff: noqa: ANN401 - values of any type, and types of the library that are generic in themselves
# The library's types are generics of unknown types:
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false

import itertools
import math
from collections.abc import Callable, Mapping
from contextlib import suppress
from enum import EnumMeta
from keyword import iskeyword
from typing import Any, Final, Protocol

from graphql import (
    GraphQLBoolean,
    GraphQLFloat,
    GraphQLID,
    GraphQLInt,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLString,
    Undefined,
    is_leaf_type,
)
from strawberry.execution import optimized_is_awaitable
from strawberry.schema.schema_converter import GraphQLCoreConverter
from strawberry.types.cast import TYPE_CAST_ATTRIBUTE

DEFINITION: Final = GraphQLCoreConverter.DEFINITION_BACKREF
RENDERED: Final = "rendered"  # the field of a type whose objects keep JSON (schema.rendered)
DATACLASS_FIELDS: Final = "__dataclass_fields__"
Plan = Callable[[Any], Any]
EXACT: Final = {  # values that a built-in scalar returns unchanged; {0} is the variable's name
    GraphQLString.coerce_output_value: "{0}.__class__ is str",
    GraphQLID.coerce_output_value: "{0}.__class__ is str",
    GraphQLBoolean.coerce_output_value: "{0}.__class__ is bool",
    GraphQLInt.coerce_output_value: "{0}.__class__ is int and -2147483648 <= {0} <= 2147483647",
    GraphQLFloat.coerce_output_value: "{0}.__class__ is float and isfinite({0})",
}


class CollectsFields(Protocol):
    """The part of an executor that the compiler needs."""

    def collect_subfields(self, return_type: Any, field_details_list: Any) -> Any: ...


class Deopt(Exception):
    """Not to be completed, or not to be compiled, here."""


def sound(value: Any) -> None:
    """Anything that the reference executor would not treat as an object or leaf as it stands."""
    odd = value is None or value is Undefined or isinstance(value, Exception)
    if odd or optimized_is_awaitable(value):
        raise Deopt


def _coercion(type_: Any) -> Callable[[Any], Any]:
    enum = getattr(type_, "wrapped_cls", None)
    names: dict[Any, str] = {}
    if isinstance(enum, EnumMeta):
        names = {member: type_.coerce_output_value(member) for member in enum}

    def coerce(value: Any) -> Any:
        if value.__class__ is enum:
            return names[value]
        sound(value)
        result = type_.coerce_output_value(value)
        if result is None or result is Undefined:
            raise Deopt
        return result

    return coerce


class PlanCompiler:
    """Writes one function per object and list type; expressions are built from the leaves up."""

    def __init__(self, executor: CollectsFields, *, splices: bool = False) -> None:
        self._executor = executor
        self._splices = splices
        self._names: dict[str, Any] = {"Deopt": Deopt, "sound": sound, "isfinite": math.isfinite}
        self._functions: list[str] = []
        self._numbers = itertools.count()

    def finish(self, expression: str) -> Plan:
        source = "\n".join([*self._functions, f"def plan(v):\n    return {expression}"])
        exec(compile(source, "<graphql plan>", "exec"), self._names)  # noqa: S102 - made of our own names only
        return self._names["plan"]

    def value(self, type_: Any, details: list[Any], source: str) -> str:
        """An expression for the completed value of the expression ``source``."""
        required = isinstance(type_, GraphQLNonNull)
        type_ = type_.of_type if required else type_
        v = f"v{next(self._numbers)}"
        if is_leaf_type(type_):
            return self._leaf(type_, source, v, required=required)
        if isinstance(type_, GraphQLList):
            function = self._list(type_, details)
        elif isinstance(type_, GraphQLObjectType):
            function = self._object(type_, details)
        else:
            raise Deopt
        if required:
            return f"{function}({source})"
        return f"({function}({v}) if ({v} := {source}) is not None else None)"

    def fields(
        self, type_: GraphQLObjectType, grouped: Mapping[str, Any]
    ) -> dict[str, str | None]:
        """Response names with an expression each; None where a resolver has to run."""
        found: dict[str, str | None] = {}
        for name, details in grouped.items():
            field_name = details[0].node.name.value
            if field_name == "__typename":
                found[name] = repr(type_.name)
                continue
            field = type_.fields.get(field_name)
            definition = field.extensions.get(DEFINITION) if field else None
            if definition is None or details[0].fragment_variable_values is not None:
                raise Deopt
            found[name] = None
            is_default = getattr(field.resolve, "_is_default", False)
            if definition.is_basic_field and is_default and not field.args:
                attribute, get = definition.python_name, definition.default_resolver
                simple = get is getattr and attribute.isidentifier() and not iskeyword(attribute)
                source = f"v.{attribute}" if simple else f"{self._bind(get)}(v, {attribute!r})"
                with suppress(Deopt):
                    found[name] = self.value(field.type, details, source)
        return found

    def _leaf(self, type_: Any, source: str, v: str, *, required: bool) -> str:
        coerce = self._bind(_coercion(type_))
        exact = EXACT.get(type_.coerce_output_value)
        assigned = f"({v} := {source})"
        if exact is None:
            if required:
                return f"{coerce}({source})"
            return f"({coerce}({v}) if {assigned} is not None else None)"
        unchanged = exact.format(v)
        test = f"{assigned} is None or {unchanged}"
        if required:
            test = unchanged.replace(v, assigned, 1)
        return f"({v} if {test} else {coerce}({v}))"

    def _list(self, type_: GraphQLList[Any], details: list[Any]) -> str:
        item = self.value(type_.of_type, details, "x")
        guard = "if v.__class__ is not list and v.__class__ is not tuple: raise Deopt"
        return self._define(f"    {guard}\n    return [{item} for x in v]")

    def _object(self, type_: GraphQLObjectType, details: list[Any]) -> str:
        definition = type_.extensions.get(DEFINITION)
        grouped, deferred, _ = self._executor.collect_subfields(type_, details)
        if definition is None or deferred:
            raise Deopt
        expressions = self.fields(type_, grouped)
        if None in expressions.values() or not isinstance(definition.origin, type):
            raise Deopt
        if issubclass(definition.origin, Exception) or hasattr(definition.origin, "__await__"):
            raise Deopt
        odd = f"v.__class__ is not {self._bind(definition.origin)}"
        guard = f"if {odd}: sound(v)"
        if (
            type_.is_type_of
        ):  # it might refuse any other class, or an instance cast to another type
            guard = f"if {odd} or hasattr(v, {TYPE_CAST_ATTRIBUTE!r}): raise Deopt"
        complete = self._define(f"    {guard}\n    return {literal(expressions)}")
        if not self._splices or RENDERED not in getattr(definition.origin, DATACLASS_FIELDS, {}):
            return complete
        return self._define(
            f"    if v.__class__ is not {self._bind(definition.origin)}: raise Deopt\n"
            f"    if v.{RENDERED} is None: return {complete}(v)\n"
            f"    return v.{RENDERED}.of({complete}, lambda: {complete}(v))"
        )

    def _define(self, body: str) -> str:
        name = f"f{next(self._numbers)}"
        self._functions.append(f"def {name}(v):\n{body}")
        return name

    def _bind(self, value: Any) -> str:
        name = f"n{next(self._numbers)}"
        self._names[name] = value
        return name


def literal(expressions: Mapping[str, str | None]) -> str:
    return "{" + ", ".join(f"{name!r}: {value}" for name, value in expressions.items()) + "}"
