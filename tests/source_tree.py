"""The project's own source, read and never imported: modules, what they import, and the plugins' manifests."""

import ast
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
LEFT_OUT = {"node_modules", "dist", ".venv", "__pycache__", "data", "test-results"}


@dataclass(frozen=True)
class Module:
    """A Python file: `name` is how it is imported, such as `plugins.rooms.backend.service`."""

    path: Path
    name: str

    def __str__(self) -> str:
        return self.name

    @property
    def is_test(self) -> bool:
        return "tests" in self.path.parts

    @property
    def tree(self) -> ast.Module:
        return _parsed(self.path)

    def imports(self) -> Iterator[tuple[str, str]]:
        """Yield (module, name) of every import, also those inside functions and under `TYPE_CHECKING`."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from ((alias.name, "") for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                base = self._absolute(node)
                yield from ((base, alias.name) for alias in node.names)

    def imported_modules(self) -> set[str]:
        """Return every module that is imported, including `a.b` for `from a import b` where b is a module."""
        found = set()
        for module, name in self.imports():
            found.add(f"{module}.{name}" if name and f"{module}.{name}" in module_names() else module)
        return found

    def _absolute(self, node: ast.ImportFrom) -> str:
        if not node.level:
            return node.module or ""
        package = self.name.split(".") if self.path.name == "__init__.py" else self.name.split(".")[:-1]
        base = package[: len(package) - node.level + 1]
        return ".".join([*base, *([node.module] if node.module else [])])


@cache
def _parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


@cache
def modules() -> list[Module]:
    """Return every Python file of the project, tests included."""
    roots = [("backend", ROOT / "backend"), ("plugins", ROOT), ("tests", ROOT), ("loadtest", ROOT), ("ops", ROOT)]
    found = []
    for folder, base in roots:
        top = base if folder == "backend" else base / folder
        for path in files(top, ".py"):
            parts = path.relative_to(base).with_suffix("").parts
            found.append(Module(path, ".".join(parts[:-1] if parts[-1] == "__init__" else parts)))
    return found


@cache
def module_names() -> frozenset[str]:
    return frozenset(module.name for module in modules())


def files(top: Path, suffix: str) -> Iterator[Path]:
    """Yield the source files below a folder, in order."""
    for path in sorted(top.rglob(f"*{suffix}")):
        if not LEFT_OUT.intersection(path.relative_to(ROOT).parts):
            yield path


@cache
def manifests() -> dict[str, dict[str, Any]]:
    """Return the manifest of every built-in plugin by the plugin's id."""
    found = {}
    for path in sorted((ROOT / "plugins").glob("*/manifest.toml")):
        found[path.parent.name] = tomllib.loads(path.read_text(encoding="utf-8"))
    return found


def all_but(plugin_id: str) -> str:
    """Return the setting that enables every plugin of this repository except one."""
    return f"plugins.enabled={','.join(sorted(manifests().keys() - {plugin_id}))}"
