"""What the tests of the whole project share."""

from typing import TYPE_CHECKING

import pytest

from prickle.app import create_app
from prickle.config.sources import read_sources

if TYPE_CHECKING:
    from prickle.app import Prickle


@pytest.fixture(scope="session")
def assembled(tmp_path_factory: pytest.TempPathFactory) -> "Prickle":
    """The whole application with every built-in plugin, put together and not started."""
    data = tmp_path_factory.mktemp("data")
    prickle: Prickle = create_app(read_sources(assignments=[f"storage.data_dir={data}"])).ctx.prickle
    return prickle
