"""A load balancer of limited capacity, made of network namespaces: clients - balancer - server, one token bucket in between."""

import os
import shutil
import subprocess
from collections.abc import Sequence

CLIENT_ADDRESS, SERVER_ADDRESS = "198.51.100.1", "203.0.113.2"
SERVER_INTERFACE = "s0"
BURST, QUEUE = "15k", "300ms"


def can_emulate() -> bool:
    """Whether this machine lets us: root on Linux, with iproute2."""
    return os.geteuid() == 0 and all(
        shutil.which(tool, path=f"{os.environ['PATH']}:/usr/sbin:/sbin") for tool in ("ip", "tc")
    )


class Link:
    """The link, up after `up`. Namespaces carry our process id, so that two runs do not meet."""

    def __init__(self, mbps: float, counts: str) -> None:
        self.mbps = mbps
        self._sums = counts == "sum"
        self.client, self.balancer, self.server = (f"prickle-{os.getpid()}-{end}" for end in ("cli", "lb", "srv"))

    def up(self) -> None:
        """Build it.

        Raises:
            subprocess.CalledProcessError: the kernel lacks something.
        """
        for space in (self.client, self.balancer, self.server):
            _ip("netns", "add", space)
            _ip("-n", space, "link", "set", "lo", "up")
        self._cable(self.client, "c0", CLIENT_ADDRESS, "l0", "198.51.100.2")
        self._cable(self.server, SERVER_INTERFACE, SERVER_ADDRESS, "l1", "203.0.113.1")
        _run(*inside(self.balancer), "sysctl", "-qw", "net.ipv4.ip_forward=1")
        (self._one_bucket if self._sums else self._two_buckets)()

    def down(self) -> None:
        """Remove whatever `up` has made."""
        for space in (self.client, self.balancer, self.server):
            subprocess.run(["ip", "netns", "del", space], capture_output=True, check=False)

    def _cable(self, space: str, near: str, address: str, far: str, gateway: str) -> None:
        _ip("link", "add", near, "netns", space, "type", "veth", "peer", "name", far, "netns", self.balancer)
        for end, name, own in ((space, near, address), (self.balancer, far, gateway)):
            _ip("-n", end, "address", "add", f"{own}/30", "dev", name)
            # One packet is one packet: without this the kernel hands on up to 64 KB with a single header.
            _ip("-n", end, "link", "set", name, "gso_max_segs", "1", "gso_max_size", "1514", "up")
        _ip("-n", space, "route", "add", "default", "via", gateway)

    def _one_bucket(self) -> None:
        """Send both directions through one device that holds the bucket, as a balancer counts that adds them up."""
        _ip("-n", self.balancer, "link", "add", "ifb0", "type", "ifb")
        _ip("-n", self.balancer, "link", "set", "ifb0", "up")
        _tc(self.balancer, "qdisc", "add", "dev", "ifb0", "root", *self._bucket())
        redirect = [
            "protocol",
            "ip",
            "u32",
            "match",
            "u32",
            "0",
            "0",
            "action",
            "mirred",
            "egress",
            "redirect",
            "dev",
            "ifb0",
        ]
        _tc(self.balancer, "qdisc", "add", "dev", "l0", "handle", "ffff:", "ingress")
        _tc(self.balancer, "filter", "add", "dev", "l0", "parent", "ffff:", *redirect)
        _tc(self.balancer, "qdisc", "add", "dev", "l0", "root", "handle", "1:", "htb")
        _tc(self.balancer, "filter", "add", "dev", "l0", "parent", "1:", *redirect)

    def _two_buckets(self) -> None:
        for device in ("l0", "l1"):
            _tc(self.balancer, "qdisc", "add", "dev", device, "root", *self._bucket())

    def _bucket(self) -> Sequence[str]:
        return ("tbf", "rate", f"{self.mbps:g}mbit", "burst", BURST, "latency", QUEUE)


def inside(space: str) -> list[str]:
    """Return what to put before a command that is to run in a namespace."""
    return ["ip", "netns", "exec", space]


def _ip(*arguments: str) -> None:
    _run("ip", *arguments)


def _tc(space: str, *arguments: str) -> None:
    _run("tc", "-n", space, *arguments)


def _run(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True, text=True)
