"""The table of doors: every address × method × role, and who gets in.

A new address without a line here fails `test_permissions.py`. Whoever is not named at a staff door gets what
that door's `closed` says: a stranger is sent to the sign-in page (302), anybody else finds nothing (404).
`pictures.py` has a value for what each address takes, and makes of the table what `./run shots` opens.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

OWN = frozenset({"officer", "head", "liaison"})  # of the agency that leads the case: Rudi and his colleagues
OFFICER = frozenset({"officer"})  # Rudi himself
OTHER = frozenset({"other_officer"})  # of an agency that has no part in it
STAFF = (
    OWN
    | OTHER
    | {"coordinator", "phone_agent", "duty_officer", "planner", "evaluator", "operator", "treasurer"}
    | {
        "village_officer",
        "desludging_planner",
        "desludging_operator",
        "plant_officer",
        "desludging_treasurer",
        "asset_officer",
        "asset_office",
        "asset_surveyor",
    }
)
ROLES = (*sorted(STAFF), "citizen", "stranger")
ALL = frozenset(ROLES)
READERS = OWN | {"coordinator"}  # who reads the case; the agency where it came in only passes it on
FIELD = (
    OWN
    | OTHER
    | {"village_officer", "desludging_planner", "desludging_operator", "asset_officer", "asset_surveyor"}
)  # who has work in the field
LOOKERS = READERS | OTHER | {"phone_agent"}  # who looks among what their agency has
VERIFIER, AGENT = frozenset({"coordinator"}), frozenset({"phone_agent"})
OPERATOR, TREASURER = frozenset({"operator"}), frozenset({"treasurer", "desludging_treasurer"})
MANAGES_PHONES = frozenset({"head", "liaison", "operator"})  # of one's agency; the operator: everywhere
IMPORTERS = (
    OPERATOR | TREASURER | {"desludging_planner", "asset_officer"}
)  # tables: each sees those they may import
TEAM, SEE_SCORES = frozenset({"planner"}), frozenset({"planner", "evaluator"})
IN_ROUND = OWN | SEE_SCORES  # of a round that is open: agencies with an item in it, and who may see scores
SURVEY = SEE_SCORES | AGENT
SEES_OWN_DEVICES = OWN | {"coordinator", "duty_officer"}  # of the agency that has the sample's device
SEES_DEVICES = SEES_OWN_DEVICES | OTHER
MANAGES_DEVICES = frozenset({"head", "liaison", "coordinator"})
MANAGES_OWN_DEVICES = MANAGES_DEVICES
MAKES_RULES = frozenset({"head", "coordinator"})
PLANNER = frozenset({"desludging_planner"})  # takes orders for desludging, by telephone too, and plans
TAKES_CALLS = AGENT | PLANNER
PLANT = frozenset({"plant_officer"})
OF_A_MANIFEST = ("receive", "refuse", "manifest", "manifest_trace", "manifest_issue")


SEES_GOODS = frozenset({"asset_officer", "asset_office"})
OF_A_TRACK = ("track", "bind_device", "fence", "service", "serviced")
SEES_ORDERS = PLANNER | {"plant_officer", "desludging_treasurer"}


@dataclass(frozen=True, kw_only=True)
class Door:
    """Who may GET and who may POST; an empty set: the method is not there, or nobody has it.

    args      names of the sample's values that the address takes
    user      whose eyes `./run shots` opens it with ("" a visitor); None: no page to look at
    closed    what a stranger gets at a staff door
    """

    get: frozenset[str] = frozenset()
    post: frozenset[str] = frozenset()
    args: tuple[str, ...] = ()
    user: str | None = None
    query: str = ""
    closed: int = 302
    more: dict[str, Any] = field(default_factory=dict)

    @property
    def is_public(self) -> bool:
        return "stranger" in self.get | self.post


def desk_doors(name: str, work: frozenset[str], reads: frozenset[str]) -> dict[str, Door]:
    """A desk none of whose cases is in the sample: its lists by role, its cases closed to all."""
    number = ("number",)
    return {
        **{f"{name}:{one}": Door(get=work) for one in ("queue", "queue_sheet", "queue_csv")},
        f"{name}:search": Door(get=reads, query="?q=lubang"),
        f"{name}:agency": Door(get=reads),
        f"{name}:bulk": Door(args=("step",)),
        **{f"{name}:{one}": Door(args=number) for one in ("case", "print", "evidence")},
        f"{name}:issue": Door(args=("number", "paper_kind")),
        f"{name}:paper": Door(args=("number", "no_paper")),
        f"{name}:step": Door(args=("number", "step")),
    }


def public(*args: str, post: bool = False, get: bool = True, user: str | None = "", **more: Any) -> Door:
    return Door(
        get=ALL if get else frozenset(),
        post=ALL if post else frozenset(),
        args=args,
        user=user,
        more={"citizen": True} if user == "" else {},
        **more,
    )


TABLE: dict[str, Door] = {
    # the house
    "healthz": public(user=None),
    "readyz": public(user=None),
    "metrics": public(user=None),
    "journal_heads": public(user=None),
    "language": public(get=False, post=True, user=None),
    "gaya": Door(get=STAFF, user="rudi", closed=404),
    "stored_file": public("nonsense", user=None),
    "notify_outbox": Door(get=STAFF, user="rudi"),
    "faults": Door(get=OPERATOR, post=OPERATOR),
    # payments
    "documents:ask": public(),
    "documents:check": public("nonsense", user=None),
    "documents:templates": Door(get=OPERATOR, user="pengelola"),
    "documents:preview": Door(get=OPERATOR, args=("paper",)),
    "tables:index": Door(get=IMPORTERS, user="pengelola"),
    "tables:sheet": Door(get=OPERATOR, post=OPERATOR, args=("sheet",), user="pengelola"),
    "tables:blank": Door(get=OPERATOR, args=("sheet",)),
    "tables:upload": Door(get=OPERATOR, args=("sheet", "upload"), user="pengelola"),
    "tables:columns": Door(get=OPERATOR, post=OPERATOR, args=("sheet", "upload"), user="pengelola"),
    "tables:take": Door(post=OPERATOR, args=("sheet", "upload")),
    "tables:cancel": Door(post=OPERATOR, args=("sheet", "upload")),
    "tables:mark": Door(post=OPERATOR, args=("sheet", "upload")),
    "tables:wrong": Door(args=("sheet", "upload")),
    "payments:notice": public("nonsense", get=False, post=True, user=None),
    "payments:pay": public("nonsense", post=True, user=None),
    "payments:status": public("nonsense", user=None),
    "payments:simulate": public("nonsense", get=False, post=True, user=None),
    "payments:receipt": public("nonsense", "no_paper", user=None),
    "payments:day": Door(get=TREASURER, user="bendahara"),
    "payments:close": Door(get=TREASURER, post=TREASURER, user="bendahara"),
    "payments:charge": Door(args=("charge",)),
    "payments:refund": Door(args=("charge", "no_paper")),
    "payments:difference": Door(args=("charge",)),
    "payments:bill": Door(args=("charge",)),
    "payments:given_back": Door(args=("no_paper",)),
    "payments:book": Door(args=("nonsense",)),
    "payments:deposit": Door(args=("charge",)),
    "payments:slip": Door(args=("charge",)),
    # the field shell: its page has nobody's data; the rest asks for a phone's token
    "sync:app": public(),
    "sync:worker": public(user=None),
    "sync:manifest": public(user=None),
    "sync:enrol": Door(get=FIELD, post=FIELD, user="rudi"),
    "sync:enrol_by_code": public(get=False, post=True, user=None),
    "sync:leave": Door(closed=401),
    "sync:forms": Door(closed=401),
    "sync:exchange": Door(closed=401),
    "sync:scan": Door(closed=401),
    "sync:photo": Door(args=("no_paper",), closed=401),
    "sync:keep_key": Door(closed=401),
    "sync:release_key": Door(get=OFFICER, post=OFFICER, args=("phone",)),  # the phone's own user
    "sync:still_in": Door(closed=401),
    "sync:phones": Door(get=FIELD | OPERATOR, user="rudi"),
    "sync:code": Door(get=FIELD | OPERATOR, post=FIELD | OPERATOR, user="rudi"),
    "sync:export_file": Door(get=MANAGES_PHONES, post=MANAGES_PHONES, user="pengelola"),
    "sync:phone": Door(get=OWN | OPERATOR, args=("phone",)),
    "sync:phone_step": Door(post=OWN | OPERATOR, args=("phone",)),
    "sync:surveys": Door(get=OWN | OTHER),
    "sync:survey": Door(get=OWN | OTHER, args=("field_survey",), user="rudi"),
    "sync:survey_sheet": Door(get=OWN | OTHER, args=("field_survey",)),
    "sync:survey_record": Door(get=OWN, args=("field_survey", "survey_record"), user="rudi"),
    "sync:survey_change": Door(get=OWN, post=OWN, args=("field_survey", "survey_record"), user="rudi"),
    # signing in
    "account_login": public(post=True),
    "account_logout": public(post=True, user=None),
    "still_here": Door(get=STAFF),
    "keep_screen": Door(post=STAFF),
    "account_inactive": public(user=None),
    "account_request_login_code": public(post=True),
    "account_confirm_login_code": public(post=True, user=None),
    "account_change_password": public(post=True, user=None),
    "account_reset_password_from_key": public("account", "nonsense", post=True),
    "account_reauthenticate": public(post=True, user=None),
    "mfa_index": public(user=None),
    "mfa_authenticate": public(post=True, user=None),
    "mfa_reauthenticate": public(post=True, user=None),
    "mfa_trust": public(post=True, user=None),
    "mfa_activate_totp": public(post=True, user=None),
    "mfa_deactivate_totp": public(post=True, user=None),
    "mfa_view_recovery_codes": public(user=None),
    "mfa_generate_recovery_codes": public(post=True, user=None),
    "mfa_download_recovery_codes": public(user=None),
    "demo_sign_in": public("username", get=False, post=True, user=None),
    "choose_post": Door(post=frozenset({"officer"}), args=("position",)),
    "desk_home": Door(get=STAFF),
    # citizens
    "portal_home": public(),
    "portal_emergency": public(),
    "portal_privacy": public(),
    "portal_accessibility": public(),
    "iceta:report_photo": public(post=True),
    "iceta:report_place": public(post=True),
    "iceta:report_words": public(post=True, query="?q=ada+lubang+besar+di+jalan"),
    "iceta:report_you": public(post=True),
    "iceta:report_check": public(post=True),
    "iceta:report_photo_add": public(get=False, post=True, user=None),
    "iceta:report_places": public(user=None),
    "iceta:report_suggest": public(post=True, user=None),
    "iceta:report_join": public("published", post=True),
    "following:my_cases": public(),
    "following:link_again": public(post=True),
    "following:follow": public("token"),
    "following:sent": public("token"),
    "following:paper": public("token", "no_paper", user=None),
    "following:act": public("token", "follow_act", get=False, post=True, user=None),
    # the officer's desk
    "casework:search": Door(get=STAFF, user="rudi", query="?q=lubang"),
    "casework:history": Door(get=SEES_OWN_DEVICES, args=("device_kind", "device_id")),
    "casework:history_pack": Door(get=SEES_OWN_DEVICES, args=("device_kind", "device_id")),
    "casework:by_number": Door(get=READERS | {"duty_officer"}, args=("number",)),
    "iceta:queue": Door(get=OWN | OTHER, user="rudi"),
    "iceta:queue_sheet": Door(get=OWN | OTHER),
    "iceta:queue_csv": Door(get=OWN | OTHER),
    "iceta:search": Door(get=LOOKERS, user="rudi", query="?q=lubang"),
    "iceta:agency": Door(get=LOOKERS, user="rudi"),
    "iceta:bulk": Door(post=OWN | OTHER, args=("step",)),
    "iceta:case": Door(get=READERS | {"duty_officer"}, args=("number",), user="rudi"),
    "iceta:print": Door(get=READERS, args=("number",), user="rudi"),
    "iceta:issue": Door(post=READERS, args=("number", "paper_kind")),
    "iceta:paper": Door(args=("number", "no_paper")),
    "iceta:evidence": Door(get=READERS | {"duty_officer"}, args=("number",)),
    "iceta:step": Door(post=READERS, args=("number", "step")),
    "iceta:reveal": Door(post=frozenset({"officer", "liaison", "coordinator"}), args=("number", "party")),
    # the verifier's desk
    "iceta:verify": Door(get=VERIFIER, user="sari"),
    "iceta:verify_decide": Door(get=VERIFIER, post=VERIFIER, args=("undecided",)),
    "iceta:verify_disposition": Door(get=VERIFIER, args=("undecided",)),
    "iceta:verify_reporter": Door(get=VERIFIER, post=VERIFIER, args=("undecided",)),
    # the phone desk
    "calls:phone": Door(get=TAKES_CALLS, post=TAKES_CALLS, user="dewi"),
    "calls:phone_note": Door(get=TAKES_CALLS, post=TAKES_CALLS),
    "calls:phone_back": Door(post=TAKES_CALLS),
    "calls:phone_caller": Door(post=TAKES_CALLS),
    "calls:phone_people": Door(post=TAKES_CALLS),
    "calls:phone_shift": Door(get=TAKES_CALLS, user="dewi"),
    "calls:phone_stored": Door(get=AGENT, args=("called",)),
    "iceta:phone": Door(get=TAKES_CALLS, post=TAKES_CALLS),
    "iceta:phone_note": Door(get=TAKES_CALLS, post=TAKES_CALLS),
    "iceta:phone_back": Door(post=TAKES_CALLS),
    "iceta:phone_caller": Door(post=TAKES_CALLS),
    "iceta:phone_people": Door(post=TAKES_CALLS),
    "iceta:phone_kinds": Door(post=TAKES_CALLS),
    "iceta:phone_places": Door(post=TAKES_CALLS),
    "iceta:phone_outcome": Door(post=TAKES_CALLS),
    "iceta:phone_shift": Door(get=TAKES_CALLS),
    "iceta:phone_stored": Door(get=AGENT, args=("called",)),
    # devices
    "telemetry:devices": Door(get=SEES_DEVICES, user="sari"),
    "telemetry:map": Door(get=SEES_DEVICES, user="sari"),
    "telemetry:device_new": Door(get=MANAGES_DEVICES, post=MANAGES_DEVICES, user="sari"),
    "telemetry:device_many": Door(get=MANAGES_DEVICES, post=MANAGES_DEVICES, user="sari"),
    "telemetry:labels": Door(get=MANAGES_DEVICES, user="sari"),
    "telemetry:quarantine": Door(get=MANAGES_DEVICES, post=MANAGES_DEVICES, user="sari"),
    "telemetry:keys": Door(get=VERIFIER, post=VERIFIER, user="sari"),
    "telemetry:alerts": Door(get=SEES_DEVICES, user="sari"),
    "telemetry:alert": Door(get=SEES_OWN_DEVICES, args=("alert_number",), user="sari"),
    "telemetry:alert_step": Door(post=SEES_OWN_DEVICES, args=("alert_number", "alert_step")),
    "telemetry:rules": Door(get=SEES_DEVICES, user="sari"),
    "telemetry:rule_new": Door(get=MAKES_RULES, post=MAKES_RULES, user="sari"),
    "telemetry:rule": Door(get=SEES_DEVICES, args=("rule",), user="sari"),
    "telemetry:rule_edit": Door(get=VERIFIER, post=VERIFIER, args=("rule",)),
    "telemetry:rule_step": Door(post=MAKES_RULES, args=("rule", "rule_step")),
    "telemetry:device": Door(get=SEES_OWN_DEVICES, args=("device",), user="sari"),
    "telemetry:device_edit": Door(get=MANAGES_OWN_DEVICES, post=MANAGES_OWN_DEVICES, args=("device",)),
    "telemetry:device_step": Door(post=MANAGES_OWN_DEVICES, args=("device", "device_step")),
    "telemetry:observations": public("device", get=False, post=True, user=None),
    "telemetry:observations_of": public("device", "stream", get=False, post=True, user=None),
    "telemetry:uplink": public("uplink", get=False, post=True, user=None),
    "telemetry:sensorthings": public("nonsense", post=True, user=None),
    # routes and fleet
    "dispatch:today": Door(get=PLANNER, post=PLANNER, user="perencana"),
    "dispatch:day": Door(get=PLANNER, post=PLANNER, args=("route_day",), user="perencana"),
    "dispatch:run": Door(get=PLANNER, args=("route_day",)),
    "dispatch:fleet": Door(get=PLANNER, post=PLANNER, user="perencana"),
    # gopal; what takes a case's number is proved in its own tests
    "gopal:order_place": public(post=True),
    "gopal:order_tank": public(post=True),
    "gopal:order_check": public(post=True),
    "gopal:order_places": public(user=None),
    "gopal:counter": Door(get=PLANNER, post=PLANNER),
    "gopal:counter_offer": Door(post=TAKES_CALLS),
    "gopal:tanks": Door(get=SEES_ORDERS),
    "gopal:tanks_csv": Door(get=SEES_ORDERS),
    "gopal:tanks_xlsx": Door(get=SEES_ORDERS),
    "gopal:tank": Door(args=("number",)),
    "gopal:rounds": Door(get=PLANNER),
    "gopal:round_plan": Door(post=PLANNER),
    "gopal:round_order": Door(),
    "gopal:treasury": Door(get=frozenset({"desludging_treasurer"})),
    "gopal:plant": Door(get=PLANT),
    "gopal:plant_scan": Door(post=PLANT),
    "gopal:plant_month": Door(),  # without a plant there is none
    "gopal:logbook": Door(),
    **dict.fromkeys((f"gopal:{one}" for one in OF_A_MANIFEST), Door(args=("number",))),
    "gopal:manifests": Door(get=SEES_ORDERS),
    "gopal:manifest_paper": Door(args=("number", "no_paper")),
    **desk_doors("gopal:orders", PLANNER, SEES_ORDERS),
    **desk_doors("gopal:differences", PLANNER, SEES_ORDERS),
    "gopal:orders:queue": Door(get=PLANNER),
    "gopal:orders:queue_sheet": Door(get=PLANNER),
    "gopal:orders:queue_csv": Door(get=PLANNER),
    "gopal:orders:search": Door(get=SEES_ORDERS, query="?q=lubang"),
    "gopal:orders:agency": Door(get=SEES_ORDERS),
    "gopal:orders:bulk": Door(args=("step",)),
    "gopal:orders:case": Door(args=("number",)),
    "gopal:orders:print": Door(args=("number",)),
    "gopal:orders:issue": Door(args=("number", "paper_kind")),
    "gopal:orders:paper": Door(args=("number", "no_paper")),
    "gopal:orders:evidence": Door(args=("number",)),
    "gopal:orders:step": Door(args=("number", "step")),
    "gopal:differences:queue": Door(get=PLANNER),
    "gopal:differences:queue_sheet": Door(get=PLANNER),
    "gopal:differences:queue_csv": Door(get=PLANNER),
    "gopal:differences:search": Door(get=SEES_ORDERS, query="?q=lubang"),
    "gopal:differences:agency": Door(get=SEES_ORDERS),
    "gopal:differences:bulk": Door(args=("step",)),
    "gopal:differences:case": Door(args=("number",)),
    "gopal:differences:print": Door(args=("number",)),
    "gopal:differences:issue": Door(args=("number", "paper_kind")),
    "gopal:differences:paper": Door(args=("number", "no_paper")),
    "gopal:differences:evidence": Door(args=("number",)),
    "gopal:differences:step": Door(args=("number", "step")),
    # lada
    "lada:register": Door(get=SEES_GOODS),
    "lada:asset": Door(args=("number",)),
    "lada:add_file": Door(args=("number",)),
    "lada:asset_act": Door(args=("number", "no_paper")),
    "lada:due": Door(get=SEES_GOODS),
    "lada:picked": Door(get=SEES_GOODS),
    "lada:propose": Door(args=("step",)),
    "lada:labels": Door(get=SEES_GOODS),
    "lada:label_sheet": Door(post=frozenset({"asset_officer"})),
    "lada:bind": Door(post=frozenset({"asset_officer", "asset_surveyor"})),
    "lada:notices": Door(get=SEES_GOODS),
    "lada:close_notice": Door(args=("no_paper",)),
    "lada:act": Door(args=("number",)),
    "lada:public_map": public(),
    "lada:label": public("number", post=True, user=None),  # no label of the sample has this number
    "lada:stocktakes": Door(get=SEES_GOODS),
    "lada:open_stocktake": Door(get=SEES_GOODS, post=SEES_GOODS),
    "lada:stocktake": Door(args=("number",)),
    "lada:stocktake_scan": Door(args=("number",)),
    "lada:join_stocktake": Door(args=("number",)),
    "lada:close_stocktake": Door(args=("number",)),
    "lada:books": Door(get=SEES_GOODS),
    "lada:openings": Door(get=SEES_GOODS, args=("csv_form",)),
    "lada:report": Door(get=SEES_GOODS, args=("report_kind", "pdf_form")),
    "lada:semester": Door(args=("year", "half")),  # none is locked
    "lada:locking": Door(get=SEES_GOODS),
    "lada:lock": Door(post=frozenset({"asset_office"}), args=("year", "half")),
    "lada:figure": Door(args=("year", "half", "number")),
    "lada:live": Door(get=SEES_GOODS),
    "lada:services": Door(get=SEES_GOODS),
    **dict.fromkeys((f"lada:{one}" for one in OF_A_TRACK), Door(args=("number",))),
    "lada:changes:queue": Door(get=SEES_GOODS),
    "lada:changes:queue_sheet": Door(get=SEES_GOODS),
    "lada:changes:queue_csv": Door(get=SEES_GOODS),
    "lada:changes:search": Door(get=SEES_GOODS, query="?q=lubang"),
    "lada:changes:agency": Door(get=SEES_GOODS),
    "lada:changes:bulk": Door(post=SEES_GOODS, args=("step",)),
    "lada:changes:case": Door(args=("number",)),
    "lada:changes:print": Door(args=("number",)),
    "lada:changes:issue": Door(args=("number", "paper_kind")),
    "lada:changes:paper": Door(args=("number", "no_paper")),
    "lada:changes:evidence": Door(args=("number",)),
    "lada:changes:step": Door(args=("number", "step")),
    "lada:findings:queue": Door(get=SEES_GOODS),
    "lada:findings:queue_sheet": Door(get=SEES_GOODS),
    "lada:findings:queue_csv": Door(get=SEES_GOODS),
    "lada:findings:search": Door(get=SEES_GOODS, query="?q=lubang"),
    "lada:findings:agency": Door(get=SEES_GOODS),
    "lada:findings:bulk": Door(args=("step",)),
    "lada:findings:case": Door(args=("number",)),
    "lada:findings:print": Door(args=("number",)),
    "lada:findings:issue": Door(args=("number", "paper_kind")),
    "lada:findings:paper": Door(args=("number", "no_paper")),
    "lada:findings:evidence": Door(args=("number",)),
    "lada:findings:step": Door(args=("number", "step")),
    "lada:alarms:queue": Door(get=SEES_GOODS),
    "lada:alarms:queue_sheet": Door(get=SEES_GOODS),
    "lada:alarms:queue_csv": Door(get=SEES_GOODS),
    "lada:alarms:search": Door(get=SEES_GOODS, query="?q=lubang"),
    "lada:alarms:agency": Door(get=SEES_GOODS),
    "lada:alarms:bulk": Door(args=("step",)),
    "lada:alarms:case": Door(args=("number",)),
    "lada:alarms:print": Door(args=("number",)),
    "lada:alarms:issue": Door(args=("number", "paper_kind")),
    "lada:alarms:paper": Door(args=("number", "no_paper")),
    "lada:alarms:evidence": Door(args=("number",)),
    "lada:alarms:step": Door(args=("number", "step")),
    # insight
    "evaluation:home": Door(get=frozenset({"planner", "evaluator"})),
    "evaluation:year": Door(get=frozenset({"planner", "evaluator"}), args=("year",), user="tim-evaluasi"),
    "evaluation:score": Door(
        get=frozenset({"planner", "evaluator"}), args=("year", "indicator"), user="tim-evaluasi"
    ),
    "evaluation:target": Door(
        get=frozenset({"planner"}), post=frozenset({"planner"}), args=("year", "indicator")
    ),
    "evaluation:check": Door(
        get=frozenset({"planner", "evaluator"}), args=("year", "indicator"), user="tim-evaluasi"
    ),
    "evaluation:rounds": Door(get=OWN | OTHER | SEE_SCORES, post=TEAM, user="tim-evaluasi"),
    "evaluation:round": Door(get=IN_ROUND, args=("round",), user="tim-evaluasi"),
    "evaluation:round_step": Door(post=TEAM, args=("round", "round_step")),
    "evaluation:item": Door(get=IN_ROUND, args=("round", "item"), user="tim-evaluasi"),
    "evaluation:item_act": Door(post=OWN | TEAM, args=("round", "item", "act")),
    "evaluation:evidence": Door(args=("round", "item", "no_evidence")),
    "evaluation:panel": Door(get=TEAM, post=TEAM, args=("round",), user="tim-evaluasi"),
    "evaluation:scoring": Door(args=("round",)),
    "evaluation:score_item": Door(args=("round", "item")),
    "evaluation:ballot": Door(args=("round",)),
    "evaluation:consensus": Door(args=("round",)),
    "evaluation:ruling": Door(args=("round", "item")),
    "evaluation:result": Door(args=("round",)),
    "evaluation:ground": Door(args=("round", "item")),
    "evaluation:pack": Door(args=("round",)),
    "evaluation:spreadsheet": Door(get=SEE_SCORES, args=("round",)),
    "evaluation:recommendations": Door(get=OWN | OTHER | SEE_SCORES, user="tim-evaluasi"),
    "evaluation:recommendation": Door(args=("number",)),
    "evaluation:recommendation_step": Door(args=("number", "step")),
    "evaluation:plan": Door(get=SEE_SCORES, user="tim-evaluasi"),
    "evaluation:budgets": Door(get=SEE_SCORES, post=TEAM, user="tim-evaluasi"),
    "evaluation:surveys": Door(get=SURVEY, post=TEAM, user="tim-evaluasi"),
    "evaluation:survey": Door(get=SURVEY, post=frozenset({"planner", "phone_agent"}), args=("survey",)),
    "evaluation:survey_citizen": public("nonsense", post=True, user=None),
    "commandcenter:wall": Door(
        get=frozenset({"duty_officer", "coordinator"}), user="icc", more={"width": 1920, "fixed": True}
    ),
}
