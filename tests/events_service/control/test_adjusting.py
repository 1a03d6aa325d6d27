"""Settings that change while the service runs."""

from __future__ import annotations

from pathlib import Path

from flowsim.events_service.control.adjusting import RunningSettings, change, platform, read
from flowsim.events_service.control.bodies import SettingsBody
from flowsim.events_service.opening import open_database, open_service
from flowsim.events_service.service import Manner, Service
from flowsim.installation.settings import keys_folder
from flowsim.runtime.clock import ManualClock, present


def test_at_first_envelopes_hold_all_names_in_adobes_own_format(service: Service) -> None:
    assert read(service) == RunningSettings("both", "adobe_io", False, ())


def test_what_is_left_out_stays(service: Service) -> None:
    assert change(service, SettingsBody(names="new-only")).names == "new-only"
    both = change(service, SettingsBody(platform_delivery_format="cloud_events"))
    assert both == RunningSettings("new-only", "cloud_events", False, ())
    assert change(service, SettingsBody()) == both == read(service)
    assert platform(service).event_delivery_format == "cloud_events_v1"
    assert service.manner.names == "new-only"


def test_they_outlive_the_service_but_what_was_said_at_its_start_does_not(tmp_path: Path) -> None:
    def opened(manner: Manner) -> RunningSettings:
        with open_database(tmp_path) as database:
            service = open_service(database, ManualClock(present()), manner, keys_folder())
            before = read(service)
            change(service, SettingsBody(names="old-only", platform_delivery_format="cloud_events"))
            return before

    strict = Manner(strict=True, targets=("10.0.0.0/8",))
    assert opened(strict) == RunningSettings("both", "adobe_io", True, ("10.0.0.0/8",))
    assert opened(Manner()) == RunningSettings("old-only", "cloud_events", False, ())
