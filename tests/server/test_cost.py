"""Costs are exact, on a schema that has every shape the real one has."""

import pytest
from graphql import FragmentDefinitionNode, OperationDefinitionNode, build_schema, parse

from server.cost import MADE, WORK, operation_cost, units
from server.prepared_document import MAX_COSTS, MAX_CURSORS, PreparedOperation

SCHEMA = build_schema("""
  type Query { explore(first: Int = 20, after: String): Connection!  node(id: ID!): Node
               nodes(ids: [ID!]!): [Node]!  suggest(prefix: String, first: Int = 8): [Post!]!
               search(first: Int, after: String, query: String): Connection  me: Creator }
  interface Node { id: ID! }
  type Connection { edges: [Edge!]!  nodes: [Post!]!  total: Int  feed: Feed! }
  type Feed { id: ID!  degraded: [String!]! }
  type Edge { cursor: String!  node: Post! }
  type Post implements Node { id: ID!  title: String  creator: Creator!  tags: [Tag!]!
                              related(first: Int = 10, after: String): Connection! }
  type Creator implements Node { id: ID!  handle: String  posts(first: Int = 20): Connection! }
  type Tag { name: String }
""")

LIST = 1 + MADE
SEARCH = 1 + WORK["search"]


def operation(text: str) -> PreparedOperation:
    definitions = parse(text).definitions
    fragments = {
        node.name.value: node for node in definitions if isinstance(node, FragmentDefinitionNode)
    }
    node = next(node for node in definitions if isinstance(node, OperationDefinitionNode))
    return PreparedOperation(SCHEMA, node, fragments)


def cost(text: str, **variables: object) -> int:
    return operation(text).cost(variables)


@pytest.mark.parametrize(
    ("text", "points"),
    [
        ("{ me { handle } }", 1),
        ("{ explore { total } }", LIST),
        ("{ explore(first: 5) { total nodes { id title } } }", LIST + 5),
        ("{ explore(first: 5) { edges { cursor node { id } } nodes { id } } }", LIST + 10 + 5),
        ("{ explore(first: 5) { feed { id degraded } nodes { id } } }", LIST + 1 + 5),
        ("{ explore { nodes { id } } }", LIST + 20),
        ("{ search { nodes { id } } }", SEARCH + 100),
        ("{ a: search(first: 1) { total } b: search(first: 1) { total } }", 2 * SEARCH),
        ("{ explore(first: null) { nodes { id } } }", LIST + 20),
        ("{ explore(first: -3) { nodes { id } } }", LIST),
        ("{ explore(first: 1000000000) { nodes { id } } }", LIST + 100),
        ("{ explore(first: 9" + "9" * 9_000 + ") { nodes { id } } }", LIST + 100),
        (
            "{ explore(first: 5) { nodes { related(first: 3) { nodes { id } } } } }",
            LIST + 5 * (1 + LIST + 3),
        ),
        ("{ explore(first: 2) { nodes { tags { name } } } }", LIST + 2 * (1 + 5)),
        ('{ suggest(prefix: "a") { id } }', 8),
        ('{ suggest(prefix: "a", first: 3) { id tags { name } } }', 3 * (1 + 5)),
        ('{ nodes(ids: ["a", "b", "c"]) { id } }', 3),
        ('{ node(id: "a") { ... on Post { creator { id } } ... on Creator { id } } }', 1 + 1),
        ("{ __typename __schema { types { fields { name } } } }", 1),
        ("{ explore(first: 5) @skip(if: true) { nodes { id } } }", 0),
        ("{ explore(first: 5) @skip(if: false) @include(if: true) { nodes { id } } }", LIST + 5),
        ("{ me { ... @include(if: false) { posts { nodes { id } } } handle } }", 1),
    ],
)
def test_costs(text: str, points: int) -> None:
    assert cost(text) == points


def test_one_fragment_costs_what_each_spread_asks_for() -> None:
    text = """{ a: explore(first: 2) { ...C } b: explore(first: 7) { ...C ...C } }
              fragment C on Connection { nodes { id creator { handle } } }"""
    assert cost(text) == (LIST + 2 * 2) + (LIST + 2 * 7 * 2)


def test_variables_and_their_defaults() -> None:
    text = "query ($n: Int = 3, $no: Boolean = false) { explore(first: $n) { nodes { id"
    text += " creator @include(if: $no) { handle } } } }"
    prepared = operation(text)
    assert prepared.cost({}) == LIST + 3
    assert prepared.cost({"n": 4}) == LIST + 4
    assert prepared.cost({"n": 4, "no": True}) == LIST + 4 * 2
    assert prepared.cost({"n": None}) == LIST + 20  # the argument's default, not the variable's
    assert prepared.cost({"n": "x"}) == prepared.cost({"n": {}}) == LIST + 100
    left_out = operation("query ($n: Int) { explore(first: $n) { nodes { id } } }")
    assert left_out.cost({}) == left_out.cost({"n": None}) == LIST + 20
    ids = operation("query ($ids: [ID!]!) { nodes(ids: $ids) { id } }")
    assert [ids.cost({"ids": ["a"] * n}) for n in (1, 7, 1_000)] == [1, 7, 100]
    assert ids.cost({"ids": "one"}) == 1


def test_what_is_remembered_is_right_and_bounded() -> None:
    prepared = operation("query ($n: Int) { explore(first: $n) { nodes { id } } }")
    for n in (*range(MAX_COSTS + 20), *range(10)):
        assert prepared.cost({"n": n, "other": object()}) == LIST + n
    assert len(prepared._costs) == MAX_COSTS  # pyright: ignore[reportPrivateUsage] - a bound shows nowhere else


def test_costs_saturate() -> None:
    nested = "related(first: 100) { nodes { " * 40 + "id" + " } }" * 40
    text = f"{{ explore(first: 100) {{ nodes {{ {nested} }} }} }}"
    document = parse(text).definitions[0]
    assert isinstance(document, OperationDefinitionNode)
    assert operation_cost(SCHEMA, document, {}, {}) == 10**9


def test_units_are_rounded_up() -> None:
    assert [units(points) for points in (0, 1, 1_000, 1_001, 5_000)] == [0, 1, 1, 2, 5]


def test_cursors_are_collected_wherever_they_stand() -> None:
    text = """query ($a: String, $b: String) { explore(after: $a) { ...C }
              search(after: "literal") { nodes { related(after: $b) { total } } } }
              fragment C on Connection { nodes { related(after: "") { total } } }"""
    prepared = operation(text)
    assert set(prepared.cursors({"a": "first", "b": 7})) == {"first", "literal"}
    assert set(prepared.cursors({})) == {"literal"}
    many = " ".join(f'a{i}: explore(after: "{i}") {{ total }}' for i in range(9))
    assert len(operation(f"{{ {many} }}").cursors({})) == MAX_CURSORS


def test_root_fields_are_seen_through_fragments() -> None:
    text = """{ ...R ... on Query { me { handle } } }
              fragment R on Query { search { total } ...S } fragment S on Query { __typename }"""
    assert operation(text).root_fields == {"search", "me", "__typename"}
