"""The schema as committed: in step with the code, with the contract, and fully described."""

import json
import re
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLSchema,
    build_schema,
    find_breaking_changes,
    find_dangerous_changes,
)

from resolvers.root import create_schema
from schema.generated import RELEASED, InvalidOperation, manifest, outdated, write

ROOT = Path(__file__).resolve().parents[2]
CONTRACT = ROOT.parent / "shared" / "contract" / "schema.graphql"


@pytest.fixture(scope="module")
def committed() -> GraphQLSchema:
    return build_schema((ROOT / "schema" / "schema.graphql").read_text())


def test_generated_files_are_up_to_date() -> None:
    assert outdated(ROOT, create_schema()) == []


@pytest.mark.skipif(not CONTRACT.exists(), reason="the contract is not beside this checkout")
def test_nothing_of_the_contract_is_missing_or_changed(committed: GraphQLSchema) -> None:
    contract = build_schema(CONTRACT.read_text())
    assert find_breaking_changes(contract, committed) == []
    assert find_dangerous_changes(contract, committed) == []
    urls = {
        name: kind.specified_by_url
        for name, kind in committed.type_map.items()
        if isinstance(kind, GraphQLScalarType) and kind.specified_by_url
    }
    assert urls == {
        "DateTime": "https://scalars.graphql.org/andimarek/date-time.html",
        "URL": "https://url.spec.whatwg.org/",
    }


def test_nobody_who_uses_the_last_release_is_broken(committed: GraphQLSchema) -> None:
    released = build_schema((ROOT / RELEASED).read_text())
    assert find_breaking_changes(released, committed) == []


def test_exactly_one_field_of_a_choice_is_given(committed: GraphQLSchema) -> None:
    choices = {
        name: set(kind.fields)
        for name, kind in committed.type_map.items()
        if isinstance(kind, GraphQLInputObjectType) and kind.is_one_of
    }
    assert choices == {
        "InteractionTarget": {"postId", "creatorId", "hashtag"},
        "InterestTarget": {"category", "creatorId", "hashtag"},
        "TrendingScope": {"region", "category", "hashtag"},
    }


def test_each_mutation_takes_one_input_and_tells_mistakes_as_data(
    committed: GraphQLSchema,
) -> None:
    assert committed.mutation_type is not None
    for name, field in committed.mutation_type.fields.items():
        assert list(field.args) == ["input"], name
        given = committed.type_map[str(field.args["input"].type).rstrip("!")]
        payload = committed.type_map[str(field.type).rstrip("!")]
        assert isinstance(given, GraphQLInputObjectType)
        assert isinstance(payload, GraphQLObjectType)
        assert str(payload.fields["userErrors"].type) == "[UserError!]!", name
        assert {"clientMutationId"} <= set(given.fields) & set(payload.fields), name


def test_an_edge_always_has_its_node(committed: GraphQLSchema) -> None:
    """What cannot be shown is left out of a list, so that null never stands for a failure."""
    for name, kind in committed.type_map.items():
        if name.endswith("Edge") and isinstance(kind, GraphQLObjectType):
            assert str(kind.fields["node"].type).endswith("!"), name
            assert str(kind.fields["cursor"].type) == "String!", name


def test_every_type_field_argument_and_value_is_described(committed: GraphQLSchema) -> None:
    silent: list[str] = []
    for name, kind in committed.type_map.items():
        if name.startswith("__"):
            continue
        if not kind.description and name not in ("String", "Int", "Float", "Boolean", "ID"):
            silent.append(name)
        if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType | GraphQLInputObjectType):
            silent += [f"{name}.{f}" for f, field in kind.fields.items() if not field.description]
        if isinstance(kind, GraphQLObjectType):
            silent += [
                f"{name}.{f}({a}:)"
                for f, field in kind.fields.items()
                for a, argument in field.args.items()
                if not argument.description
            ]
        if isinstance(kind, GraphQLEnumType):
            silent += [f"{name}.{v}" for v, value in kind.values.items() if not value.description]
    assert silent == []


def test_every_edge_and_page_follows_the_connection_specification(
    committed: GraphQLSchema,
) -> None:
    for name, kind in committed.type_map.items():
        if name.endswith("Connection") and isinstance(kind, GraphQLObjectType):
            assert str(kind.fields["pageInfo"].type) == "PageInfo!"
            edge = name.removesuffix("Connection") + "Edge"
            assert str(kind.fields["edges"].type) == f"[{edge}!]!"


def test_a_connection_is_asked_for_forward_only(committed: GraphQLSchema) -> None:
    for name, kind in committed.type_map.items():
        if not isinstance(kind, GraphQLObjectType):
            continue
        for field_name, field in kind.fields.items():
            if str(field.type).rstrip("!").endswith("Connection"):
                assert {"first", "after"} <= set(field.args), f"{name}.{field_name}"
                assert not {"last", "before", "offset"} & set(field.args)


def test_the_manifest_holds_each_file_of_operations_byte_for_byte() -> None:
    texts = json.loads((ROOT / "operations" / "manifest.json").read_text())
    files = sorted((ROOT / "operations").glob("*.graphql"))
    expected = {
        f"sha256:{sha256(path.read_bytes()).hexdigest()}": path.read_text() for path in files
    }
    assert texts == expected
    names = {path.stem for path in files}
    assert {"Explore", "Trending", "TrackInteraction", "ModerationQueue"} <= names
    assert {"ReviewPost", "UpsertCategory", "WhyNot"} <= names


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        ("query A { nothing }", "A.graphql: Cannot query field 'nothing' on type 'Query'."),
        ("query A {", "A.graphql: Syntax Error: Expected Name, found <EOF>."),
        ("query B { __typename }", "A.graphql: it must hold one operation, named A."),
        ("{ __typename }", "A.graphql: it must hold one operation, named A."),
    ],
)
def test_a_broken_operation_is_named(tmp_path: Path, text: str, mistake: str) -> None:
    (tmp_path / "A.graphql").write_text(text)
    with pytest.raises(InvalidOperation, match=re.escape(mistake)):
        manifest(tmp_path, create_schema().as_str())


def test_what_is_written_is_up_to_date(tmp_path: Path) -> None:
    (tmp_path / "schema").mkdir()
    (tmp_path / "operations").mkdir()
    schema = create_schema()
    names = [path.name for path in write(tmp_path, schema)]
    assert names == ["schema.graphql", "manifest.json"]
    assert write(tmp_path, schema) == []
    (tmp_path / "schema" / "schema.graphql").write_text("type Query { old: Int }")
    assert [path.name for path in outdated(tmp_path, schema)] == ["schema.graphql"]


def test_the_command_checks_without_writing() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "schema", "--check"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_what_may_be_null_says_what_null_means(committed: GraphQLSchema) -> None:
    silent = [
        f"{name}.{field_name}"
        for name, kind in committed.type_map.items()
        if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType) and not name.startswith("__")
        for field_name, field in kind.fields.items()
        if not isinstance(field.type, GraphQLNonNull)
        and not re.search(r"\bnull\b", field.description or "", re.IGNORECASE)
        and kind is not committed.subscription_type
    ]
    assert silent == []
