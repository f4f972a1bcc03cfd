"""The import rules of ARCHITECTURE.md, read from the syntax of every file. There is no list of exceptions."""

import ast
import sys
from collections.abc import Iterator
from graphlib import TopologicalSorter

import pytest

from tests.source_tree import ROOT, Module, files, manifests, modules

MAX_FILE_LINES = 400
MAX_FUNCTION_LINES = 50
MAX_TEST_LINES = 30
MAX_COMPONENT_LINES = 150
MAX_COMPOSABLE_LINES = 120

PRODUCT = [module for module in modules() if not module.is_test]
CORE = [module for module in PRODUCT if module.name.startswith("prickle")]
PLUGINS = [module for module in PRODUCT if module.name.startswith("plugins.")]
CONTRACT_PACKAGES = {*sys.stdlib_module_names, "pydantic", "odmantic", "bson"}
DRIVERS = {"sqlite3", "motor", "pymongo", "redis", "minio", "aiosqlite"}
LAYERS = ["models", "store", "service", "sockets", "plugin"]


def each(found: list[Module]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("module", found, ids=str)


def is_under(name: str, package: str) -> bool:
    return name == package or name.startswith(f"{package}.")


def plugin_of(name: str) -> str:
    return name.split(".")[1]


def layer_of(module: str) -> int | None:
    stem = module.rsplit(".", 1)[-1]
    stem = "sockets" if stem == "routes" else stem
    return LAYERS.index(stem) if stem in LAYERS and ".backend." in module else None


def functions(module: Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(module.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def test_the_rules_have_something_to_look_at() -> None:
    assert len(CORE) > 20
    assert len(PLUGINS) > 5
    assert {"auth", "rooms", "messages"} <= set(manifests())


@each(CORE)
def test_the_core_imports_no_plugin(module: Module) -> None:
    assert not [name for name in module.imported_modules() if is_under(name, "plugins")]


@each([module for module in CORE if is_under(module.name, "prickle.contract")])
def test_the_contract_stands_alone(module: Module) -> None:
    for name in module.imported_modules():
        assert is_under(name, "prickle.contract") or name.split(".")[0] in CONTRACT_PACKAGES, name


@each([module for module in CORE if is_under(module.name, "prickle.storage")])
def test_storage_builds_on_the_contract_alone(module: Module) -> None:
    own = [name for name in module.imported_modules() if is_under(name, "prickle")]
    assert all(is_under(name, "prickle.storage") or is_under(name, "prickle.contract") for name in own), own


@each(PLUGINS)
def test_a_plugin_sees_nothing_of_the_core_but_the_contract(module: Module) -> None:
    for name in module.imported_modules():
        assert not is_under(name, "prickle") or is_under(name, "prickle.contract"), name


@each(PLUGINS)
def test_a_plugin_reaches_only_the_public_part_of_one_that_it_requires(module: Module) -> None:
    own = plugin_of(module.name)
    for name in module.imported_modules():
        if is_under(name, "plugins") and name != "plugins" and plugin_of(name) != own:
            other = plugin_of(name)
            assert name in {f"plugins.{other}.api", f"plugins.{other}.events"}, f"{name} is private"
            assert other in manifests()[own].get("requires", []), f"{own} does not require {other}"


@each(PLUGINS)
def test_the_layers_of_a_plugin_point_one_way(module: Module) -> None:
    own = layer_of(module.name)
    package = f"plugins.{plugin_of(module.name)}"
    reached = {name: layer_of(name) for name in module.imported_modules() if is_under(name, f"{package}.backend")}
    if module.name in {f"{package}.api", f"{package}.events"}:
        assert not reached
    assert not [name for name, layer in reached.items() if own is not None and layer is not None and layer >= own]


@each(PLUGINS)
def test_only_routes_know_sanic_and_only_the_store_knows_documents(module: Module) -> None:
    stem = module.name.rsplit(".", 1)[-1]
    for name, symbol in module.imports():
        assert not is_under(name, "sanic") or stem == "routes", name
        assert (name, symbol) != ("prickle.contract.documents", "Documents") or stem == "store", symbol


@each(PRODUCT)
def test_drivers_stay_in_storage_and_socketio_in_the_gateway(module: Module) -> None:
    """An adapter elsewhere is named for its engine, such as `prickle.limits.redis`."""
    if not is_under(module.name, "prickle") and not is_under(module.name, "plugins"):
        return
    for name in module.imported_modules():
        package = name.split(".")[0]
        is_adapter = is_under(module.name, "prickle.storage") or module.name.endswith(f".{package}")
        assert package not in DRIVERS or is_adapter, name
        assert package not in {"socketio", "engineio"} or is_under(module.name, "prickle.gateway"), name


def test_what_is_required_exists_and_no_two_plugins_need_each_other() -> None:
    graph = {plugin: {*found.get("requires", ()), *found.get("after", ())} for plugin, found in manifests().items()}
    for plugin, found in manifests().items():
        assert set(found.get("requires", ())) <= set(graph), plugin
    assert list(TopologicalSorter(graph).static_order())


@each(modules())
def test_files_and_functions_stay_small(module: Module) -> None:
    length = len(module.path.read_text(encoding="utf-8").splitlines())
    assert length <= MAX_FILE_LINES
    for function in functions(module):
        lines = (function.end_lineno or function.lineno) - function.lineno + 1
        limit = MAX_TEST_LINES if function.name.startswith("test_") else MAX_FUNCTION_LINES
        assert lines <= limit, f"{function.name} has {lines} lines"


@each([module for module in PRODUCT if module.path.read_text(encoding="utf-8").strip()])
def test_a_module_opens_with_what_it_is_for(module: Module) -> None:
    assert ast.get_docstring(module.tree)


def test_components_and_composables_stay_small() -> None:
    web = [ROOT / "webapp", ROOT / "plugins"]
    components = [path for top in web for path in files(top, ".vue")]
    composables = [path for top in web for path in files(top, ".ts") if path.parent.name == "composables"]
    assert components
    for path, limit in [
        *((p, MAX_COMPONENT_LINES) for p in components),
        *((p, MAX_COMPOSABLE_LINES) for p in composables),
    ]:
        if ".test." not in path.name:
            assert len(path.read_text(encoding="utf-8").splitlines()) <= limit, path.relative_to(ROOT)
