"""What trucks report by themselves: where they are and how full their tank is. The rule over it is `watching`."""

from django.utils.translation import gettext_lazy as _

from kotacerdas.foundation.telemetry.declarations import DeviceKind, StreamSpec

SLUDGE_TRUCK = "sludge_truck"

DEVICE_KINDS = (
    DeviceKind(
        name=SLUDGE_TRUCK,
        label=_("desludging truck"),
        icon="truck",
        streams=(
            StreamSpec(code="position", name=_("Position"), shape="position", every_s=60),
            StreamSpec(code="level", name=_("Sludge on board"), unit="L", low=-500, high=30_000, every_s=60),
        ),
    ),
)
