"""What the operator lets be reached although it is internal."""

from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_network

from longshore.outgoing.internal_networks import Address


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowed:
    """Hosts by name, wherever they lead, and networks."""

    hosts: frozenset[str] = frozenset()
    networks: tuple[IPv4Network | IPv6Network, ...] = ()

    @classmethod
    def of(cls, text: str) -> "Allowed":
        """What the setting `outgoing_allow` says, which was checked when it was read."""
        hosts, networks = set(), []
        for part in filter(None, text.split(",")):
            try:
                networks.append(ip_network(part))
            except ValueError:
                hosts.add(part)
        return cls(hosts=frozenset(hosts), networks=tuple(networks))

    def allows(self, host: str, address: Address) -> bool:
        """Whether a host that was found at this address may be reached there."""
        return host in self.hosts or any(address in network for network in self.networks)
