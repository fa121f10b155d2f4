"""Which addresses a stranger may make this server call: public ones.

The check is made on the addresses that the connection then uses, so a name that changes its mind gains nothing.
"""

import socket
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver

from .errors import AddressForbidden

# What Python 3.11 calls global, and is not: protocol assignments, the inner address of a cloud,
# and forms of IPv6 that carry any IPv4 address.
FORBIDDEN = tuple(
    ip_network(network)
    for network in (
        "192.0.0.0/24",
        "192.88.99.0/24",
        "168.63.129.16/32",
        "::/96",
        "64:ff9b::/96",
        "64:ff9b:1::/48",
        "2001::/32",
        "2002::/16",
        "fec0::/10",
    )
)


def is_public(text: str) -> bool:
    """True for the address of a machine on the internet. False for what is no address."""
    try:
        address = ip_address(text)
    except ValueError:
        return False
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    return address.is_global and not address.is_multicast and not _is_forbidden(address)


def refuse_private(host: str) -> None:
    """Raises AddressForbidden if the host is an address, and not a public one."""
    try:
        ip_address(host)
    except ValueError:
        return
    if not is_public(host):
        raise forbidden(host)


def forbidden(host: str) -> AddressForbidden:
    return AddressForbidden(
        f"{host} is not a public address. Ask the operator of this server to add this provider."
    )


class PublicResolver(AbstractResolver):
    """Resolves names whose every address is public. Raises AddressForbidden for others."""

    def __init__(self) -> None:
        self._resolver = ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        found = await self._resolver.resolve(host, port, family)
        if not all(is_public(result["host"]) for result in found):
            raise forbidden(host)
        return found

    async def close(self) -> None:
        await self._resolver.close()


def _is_forbidden(address: IPv4Address | IPv6Address) -> bool:
    return any(address in network for network in FORBIDDEN)
