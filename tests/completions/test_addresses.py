import socket

import pytest

from chat.completions import AddressForbidden, Client, Endpoint, Limits, Unreachable
from chat.completions.addresses import is_public

from .asking import BODY, KEY, run

PRIVATE = (
    "127.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "100.100.100.200",
    "168.63.129.16", "192.0.0.192", "198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255", "0.0.0.0",
    "::", "::1", "::7f00:1", "::ffff:7f00:1", "::ffff:169.254.169.254", "64:ff9b::7f00:1", "64:ff9b:1::1",
    "2002:7f00:1::", "2001::1", "fd00:ec2::254", "fe80::1", "fe80::1%lo", "fec0::1", "ff02::1", "name", "",
)  # fmt: skip


@pytest.mark.parametrize("address", PRIVATE)
def test_what_is_not_on_the_internet_is_not_public(address):
    assert not is_public(address)


@pytest.mark.parametrize("address", ["1.1.1.1", "104.18.0.1", "2606:4700::1111", "::ffff:8.8.8.8"])
def test_what_is_on_the_internet_is_public(address):
    assert is_public(address)


async def ask(endpoint: Endpoint) -> None:
    client = Client(Limits(retries=0, connect=2))
    try:
        async for _ in client.stream(endpoint, BODY):
            pass
    finally:
        await client.aclose()


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "[::1]", "[::ffff:7f00:1]", "[::ffff:127.0.0.1]", "127.1", "2130706433", "0x7f.1", "0177.0.0.1",
     "0.0.0.0", "localhost", "localhost."],
)  # fmt: skip
def test_no_spelling_of_this_machine_is_called_for_a_stranger(upstream, host):
    before = len(upstream.requests)
    base_url = upstream.base_url.replace("127.0.0.1", host)
    with pytest.raises((AddressForbidden, Unreachable, ValueError)):
        run(ask(Endpoint(base_url, KEY, public_only=True)))
    assert len(upstream.requests) == before


def resolve_to(*addresses: str):
    def getaddrinfo(host, port, *rest, **more):
        return [
            (
                socket.AF_INET6 if ":" in address else socket.AF_INET,
                socket.SOCK_STREAM,
                6,
                "",
                (address, port),
            )
            for address in addresses
        ]

    return getaddrinfo


@pytest.mark.parametrize("addresses", [("127.0.0.1",), ("1.1.1.1", "127.0.0.1"), ("1.1.1.1", "10.0.0.1")])
def test_a_name_that_leads_inside_is_not_called_even_if_it_also_leads_outside(
    upstream, monkeypatch, addresses
):
    monkeypatch.setattr(socket, "getaddrinfo", resolve_to(*addresses))
    before = len(upstream.requests)
    base_url = upstream.base_url.replace("127.0.0.1", "innocent.example")
    with pytest.raises(AddressForbidden, match=r"innocent\.example") as raised:
        run(ask(Endpoint(base_url, KEY, public_only=True)))
    assert "127.0.0.1" not in str(raised.value)
    assert "10.0.0.1" not in str(raised.value)
    assert len(upstream.requests) == before


def test_the_operators_own_provider_may_be_on_this_machine(upstream):
    run(ask(Endpoint(upstream.base_url, KEY)))


def test_a_connection_of_the_operator_is_not_lent_to_a_stranger(upstream):
    async def ask_both() -> None:
        client = Client(Limits(retries=0))
        base_url = upstream.base_url.replace("127.0.0.1", "localhost")
        try:
            async for _ in client.stream(Endpoint(base_url, KEY), BODY):
                pass
            with pytest.raises(AddressForbidden):
                async for _ in client.stream(Endpoint(base_url, KEY, public_only=True), BODY):
                    pass
        finally:
            await client.aclose()

    run(ask_both())


def test_a_list_of_models_is_guarded_too(upstream):
    async def list_models() -> None:
        client = Client()
        try:
            await client.models(Endpoint(upstream.base_url, KEY, public_only=True))
        finally:
            await client.aclose()

    with pytest.raises(AddressForbidden):
        run(list_models())
