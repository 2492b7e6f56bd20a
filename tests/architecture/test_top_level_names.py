"""The repository is run from its root: no installed distribution may provide one of our names."""

import ast
import importlib.metadata
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FORBIDDEN_STEMS = {"utils", "helpers", "common", "manager"}
LONGEST_FILE = 300


def our_packages() -> list[str]:
    with (ROOT / "pyproject.toml").open("rb") as file:
        return tomllib.load(file)["tool"]["importlinter"]["root_packages"]


def our_files() -> list[Path]:
    return [path for name in our_packages() for path in (ROOT / name).rglob("*.py")]


def test_no_installed_distribution_provides_one_of_our_names() -> None:
    installed = importlib.metadata.packages_distributions()
    assert {name: installed[name] for name in our_packages() if name in installed} == {}


def test_every_package_of_the_layout_is_there_and_holds_code() -> None:
    empty = [name for name in our_packages() if not any((ROOT / name).glob("[a-z]*.py"))]
    assert empty == []


def test_files_are_named_after_a_concept() -> None:
    assert [path for path in our_files() if path.stem in FORBIDDEN_STEMS] == []


def test_files_stay_short_enough_to_hold_one_concept() -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for path in our_files()
        if (lines := len(path.read_text().splitlines())) > LONGEST_FILE
    }
    assert long == {}


def test_nothing_but_definitions_happens_at_import_time() -> None:
    """No call as a statement of its own at module level, `main()` guards apart."""
    offenders = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in our_files()
        for node in ast.parse(path.read_text()).body
        if isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Call)
        and not _registers_an_enum(node.value)
    ]
    assert offenders == []


def _registers_an_enum(call: ast.Call) -> bool:
    """`strawberry.enum(Kind, name=...)` is called for its effect on a domain enum."""
    function = call.func
    return isinstance(function, ast.Attribute) and function.attr == "enum"
