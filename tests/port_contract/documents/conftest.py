"""One store per test and engine, and a line about engines that could not be run."""

import os
import uuid
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.port_contract import ferretdb
from tests.port_contract.documents.engines import MONGO_URL, Place, Store, engines
from tests.port_contract.documents.models import MODELS

# These compare SQLite with a server, or kill one.
collect_ignore = [] if engines() != ["sqlite"] else ["test_agreement.py", "test_server_away.py"]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "engine" in metafunc.fixturenames:
        without = getattr(metafunc.module, "NOT_ON", set())
        metafunc.parametrize("engine", [name for name in engines() if name not in without], scope="session")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    # Closing pymongo's client while a monitor connects leaves that socket to the garbage collector.
    lenient = pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(lenient)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if not ferretdb.is_available():
        terminalreporter.write_line("documents: not run on FerretDB, which Go builds; Go is not installed")


@pytest.fixture(scope="session")
def mongo_url(engine: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    if engine == "ferretdb":
        with ferretdb.running(tmp_path_factory.mktemp("ferretdb")) as url:
            yield url
    else:
        yield MONGO_URL or ""


@pytest.fixture
def place(engine: str, mongo_url: str, tmp_path: Path) -> Place:
    if engine == "sqlite":
        return Place(engine, str(tmp_path / "data" / "documents.sqlite"))
    return Place(engine, f"{mongo_url}#prickle_{os.getpid()}_{uuid.uuid4().hex[:8]}")


@pytest.fixture
async def store(place: Place) -> AsyncIterator[Store]:
    store = place.store(MODELS)
    await store.open()
    yield store
    await store.close()
