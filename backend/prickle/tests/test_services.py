import pytest

from prickle.config.refusal import Refusal
from prickle.contract.services import ServiceKey
from prickle.services import OfferedServices

CLOCKS: ServiceKey[str] = ServiceKey("clocks.wall")


def test_what_is_offered_is_found_by_its_name() -> None:
    services = OfferedServices()
    services.offer(CLOCKS, "tick", "clocks")
    assert services.get(ServiceKey("clocks.wall")) == "tick"


def test_one_plugin_offers_a_service() -> None:
    services = OfferedServices()
    services.offer(CLOCKS, "tick", "clocks")
    with pytest.raises(Refusal, match=r"plugins clocks and watches both offer the service clocks\.wall"):
        services.offer(CLOCKS, "tock", "watches")
    assert services.get(CLOCKS) == "tick"


def test_what_nobody_offers_is_named() -> None:
    with pytest.raises(Refusal, match=r"no enabled plugin offers the service clocks\.wall"):
        OfferedServices().get(CLOCKS)
