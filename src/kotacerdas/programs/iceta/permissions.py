"""Who may do what with reports, and the posts these permissions come with."""

from django.utils.translation import gettext_lazy as _

from kotacerdas.foundation.calls.permissions import TAKE_CALL
from kotacerdas.foundation.parties.roles import Permission, Role

__all__ = ["TAKE_CALL"]

VERIFY = "iceta.verify_report"
VIEW = "iceta.view_report"
WORK = "iceta.work_report"
ASSIGN = "iceta.assign_report"
OPEN_IDENTITY = "iceta.open_identity"
OPEN_ANONYMOUS = "iceta.open_anonymous"
OVERSEE = "iceta.oversee_report"
FILE = "iceta.file_report"

PERMISSIONS = (
    Permission(name=VERIFY, label=_("verify reports and assign them to agencies")),
    Permission(name=VIEW, label=_("see the reports of one's agency")),
    Permission(name=WORK, label=_("work on the reports of one's agency")),
    Permission(name=ASSIGN, label=_("hand reports to posts within one's agency")),
    Permission(name=OPEN_IDENTITY, label=_("open a reporter's number for a stated purpose")),
    Permission(name=OPEN_ANONYMOUS, label=_("open the identity of an anonymous caller")),
    Permission(name=FILE, label=_("write down reports on the spot, by phone")),
    Permission(name=OVERSEE, label=_("see coded reports of the whole regency")),
)

ROLES = (
    Role(name="officer", label=_("officer"), permissions=frozenset({VIEW, WORK, OPEN_IDENTITY, FILE})),
    Role(
        name="liaison",
        label=_("complaints liaison"),
        permissions=frozenset({VIEW, WORK, ASSIGN, OPEN_IDENTITY, FILE}),
    ),
    Role(name="head", label=_("head of agency"), permissions=frozenset({VIEW, WORK, ASSIGN, FILE})),
    Role(
        name="coordinator",
        label=_("coordinator (verifier)"),
        permissions=frozenset({VERIFY, VIEW, OPEN_IDENTITY, OPEN_ANONYMOUS}),
        everywhere=True,
    ),
    Role(name="phone_agent", label=_("phone agent"), permissions=frozenset({VIEW})),
    Role(name="village_officer", label=_("village officer"), permissions=frozenset({FILE})),
    Role(name="duty_officer", label=_("duty officer"), permissions=frozenset({OVERSEE}), everywhere=True),
)
