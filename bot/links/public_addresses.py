"""Connections to the public internet only: an address in the content must not reach what stands behind our wall."""

from __future__ import annotations

import errno
import ipaddress
import socket
from collections.abc import Callable
from typing import Any

Allowed = Callable[[str], bool]
"""Whether a connection to an IP address may be made."""


class PrivateAddressError(OSError):
    """A name or an address that leads to a private, loopback or otherwise special address."""


def is_public(address: str) -> bool:
    """Say whether an IP address is one that anybody on the internet can reach."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        # Addresses that carry an IPv4 address inside are judged by that one as well.
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None) or _nat64(ip)
        if inner is not None and not is_public(str(inner)):
            return False
    return ip.is_global and not ip.is_multicast


def guarded_socket(allowed: Allowed) -> Callable[[Any], socket.socket]:
    """Return how to make a socket, after looking at where it will connect.

    This is the last step before the connection, so it also meets numeric hosts, redirects, and names whose
    address changes between two questions.
    """

    def make(info: Any) -> socket.socket:
        family, kind, protocol, _, address = info
        if not allowed(str(address[0])):
            raise PrivateAddressError(errno.EACCES, f"{address[0]} is a private address")
        made = socket.socket(family=family, type=kind, proto=protocol)
        made.setblocking(False)  # the standard library's own signature
        return made

    return make


def _nat64(ip: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    return ipaddress.IPv4Address(ip.packed[12:]) if ip in ipaddress.ip_network("64:ff9b::/96") else None
