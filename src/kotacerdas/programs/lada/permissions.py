"""Who keeps goods, who approves, who counts, who locks the books."""

from django.utils.translation import gettext_lazy as _

from kotacerdas.foundation.parties.roles import Permission, Role

VIEW = "lada.view_asset"
CHANGE = "lada.change_asset"
APPROVE = "lada.approve_change"
ACCEPT = "lada.accept_transfer"
COUNT = "lada.count_asset"
LEAD = "lada.lead_stocktake"
LOCK = "lada.lock_period"
TRACK = "lada.track_asset"

PERMISSIONS = (
    Permission(name=VIEW, label=_("see the goods of one's agency")),
    Permission(name=CHANGE, label=_("record goods and propose changes to them")),
    Permission(name=APPROVE, label=_("approve changes to goods that somebody else proposed")),
    Permission(name=ACCEPT, label=_("accept goods that are transferred to one's agency")),
    Permission(name=COUNT, label=_("count goods in the field")),
    Permission(name=LEAD, label=_("open, lead and close a stocktake, and follow up its findings")),
    Permission(name=LOCK, label=_("lock the books of a semester")),
    Permission(name=TRACK, label=_("follow goods that carry a device, and draw their fences")),
)

ROLES = (
    Role(
        name="asset_officer",
        label=_("asset officer"),
        permissions=frozenset({VIEW, CHANGE, ACCEPT, COUNT, LEAD, TRACK}),
    ),
    Role(
        name="asset_approver",
        label=_("asset office"),
        permissions=frozenset({VIEW, APPROVE, LEAD, LOCK, TRACK}),
        everywhere=True,
    ),
    Role(name="asset_surveyor", label=_("asset surveyor"), permissions=frozenset({COUNT})),
)
