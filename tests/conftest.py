"""What all tests share: the seeds and the model, read once, and no network."""

import ipaddress
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from stance.model.model import Model
from stance.model.project import Project, read_project
from stance.model.store import load

ROOT = Path(__file__).parents[1]

# The same examples in every run, and no verdict that depends on the clock.
settings.register_profile("stance", derandomize=True, deadline=None, database=None)
settings.load_profile("stance")


def pytest_collection_modifyitems(
    config: pytest.Config, items: list[pytest.Item]
) -> None:
    """Leave slow tests out, unless -m says what is wanted."""
    if config.option.markexpr:
        return
    slow = [item for item in items if item.get_closest_marker("slow")]
    if slow:
        config.hook.pytest_deselected(items=slow)
        items[:] = [item for item in items if not item.get_closest_marker("slow")]


def _is_local(family: int, address: object) -> bool:
    if family not in (socket.AF_INET, socket.AF_INET6):
        return True  # a socket of this machine, such as AF_UNIX
    host = str(address[0]) if isinstance(address, tuple) else ""
    try:
        return ipaddress.ip_address(host.split("%")[0]).is_loopback
    except ValueError:
        return host == "localhost"


@pytest.fixture(scope="session", autouse=True)
def _no_network() -> Iterator[None]:
    """Fail a test that connects to another machine, whatever it catches."""

    def guard(name: str) -> None:
        original = getattr(socket.socket, name)

        def connect(self: socket.socket, address: object) -> object:
            if not _is_local(self.family, address):
                pytest.fail(f"a test connects to {address!r}")
            return original(self, address)

        patch.setattr(socket.socket, name, connect)

    with pytest.MonkeyPatch.context() as patch:
        guard("connect")
        guard("connect_ex")
        yield


@pytest.fixture(scope="session")
def seeds() -> Project:
    """Return the project in the repository; read once, never changed."""
    return read_project(ROOT / "seeds")


@pytest.fixture(scope="session")
def model_folder() -> Path:
    """Return the folder of the repository's model; never written to."""
    return ROOT / "models" / "us-china-tech"


@pytest.fixture(scope="session")
def model(model_folder: Path) -> Model:
    """Return the repository's model."""
    return load(model_folder)
