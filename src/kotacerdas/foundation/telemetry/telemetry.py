"""The house's own kinds of devices and rules: for what belongs to no program."""

from django.utils.translation import gettext_lazy as _

from kotacerdas.foundation.telemetry.declarations import DeviceKind, RuleSpec, Setting, StreamSpec

TERMINAL, GAUGE, VEHICLE, OTHER = "terminal", "gauge", "vehicle", "other"
_BATTERY = StreamSpec(code="battery", name=_("Battery"), unit="V", low=0, high=60, every_s=900)

DEVICE_KINDS = (
    DeviceKind(
        name=TERMINAL,
        label=_("satellite terminal"),
        icon="satellite-dish",
        streams=(
            StreamSpec(code="latency", name=_("Latency"), unit="ms", low=0, high=100_000),
            StreamSpec(code="down", name=_("Downlink"), unit="Mbit/s", low=0, high=10_000),
        ),
        settings=(Setting(name="tolerance_s", label=_("Tolerated outage"), unit=_("seconds"), default=3600),),
    ),
    DeviceKind(
        name=GAUGE,
        label=_("river gauge"),
        icon="droplets",
        streams=(
            StreamSpec(code="level", name=_("Water level"), unit="m", low=-5, high=50, every_s=300),
            _BATTERY,
        ),
        settings=(
            Setting(name="alarm_level", label=_("Alarm level"), unit="m"),
            Setting(name="calm_level", label=_("All-clear level"), unit="m"),
        ),
    ),
    DeviceKind(
        name=VEHICLE,
        label=_("tracked vehicle"),
        icon="truck",
        streams=(
            StreamSpec(code="position", name=_("Position"), shape="position"),
            StreamSpec(code="speed", name=_("Speed"), unit="km/h", low=0, high=300),
            _BATTERY,
        ),
        settings=(
            Setting(name="fence_lat", label=_("Fence: latitude"), unit="°"),
            Setting(name="fence_lng", label=_("Fence: longitude"), unit="°"),
            Setting(name="fence_m", label=_("Fence: radius"), unit="m"),
        ),
    ),
    DeviceKind(name=OTHER, label=_("other sensor"), icon="radio-tower", streams=(_BATTERY,)),
)

RULES = (
    RuleSpec(
        code="telemetry.terminal_out",
        name=_("Satellite terminal silent for longer than tolerated"),
        kind="absence",
        params={
            "applies": {"kind": TERMINAL},
            "when": {"after_s": "@tolerance_s"},
            "then": {"opens_case": True},
        },
    ),
    RuleSpec(
        code="telemetry.gauge_high",
        name=_("River above its alarm level"),
        kind="threshold",
        params={
            "applies": {"kind": GAUGE},
            "when": {
                "stream": "level",
                "side": "above",
                "limit": "@alarm_level",
                "recover": "@calm_level",
                "for_s": 600,
                "recover_for_s": 1800,
            },
            "then": {"opens_case": True, "urgent": True, "banner": True, "notify": ["@duty_officer"]},
        },
    ),
    RuleSpec(
        code="telemetry.vehicle_out",
        name=_("Vehicle outside its fence at night"),
        kind="geofence",
        params={
            "applies": {"kind": VEHICLE},
            "when": {
                "stream": "position",
                "lat": "@fence_lat",
                "lng": "@fence_lng",
                "radius_m": "@fence_m",
                "side": "outside",
                "dwell_s": 300,
                "hours": [{"days": [0, 1, 2, 3, 4, 5, 6], "from": "20:00", "to": "05:00"}],
            },
            "then": {"opens_case": True},
        },
    ),
)
