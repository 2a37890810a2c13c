"""The guard of `tests/conftest.py` holds: no test reaches another machine."""

import socket

import pytest


@pytest.mark.parametrize(
    ("family", "host"),
    [(socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1")],
)
def test_a_connection_to_another_machine_fails_the_test(
    family: socket.AddressFamily, host: str
) -> None:
    with (
        socket.socket(family) as client,
        pytest.raises(pytest.fail.Exception, match="a test connects to"),
    ):
        client.connect((host, 80))


def test_a_connection_within_this_machine_is_allowed() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.create_connection(server.getsockname(), timeout=5) as client,
    ):
        assert client.getpeername() == server.getsockname()
