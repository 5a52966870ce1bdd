"""`./run staff`: accounts of staff, their posts and roles; the operator's side of `staffing` and `granting`."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from datetime import date

from allauth.mfa.utils import is_mfa_enabled
from django.utils.translation import gettext as _

from kotacerdas.foundation.parties import granting, staffing
from kotacerdas.foundation.parties.actors import SYSTEM
from kotacerdas.foundation.parties.context import post_title
from kotacerdas.foundation.parties.models import Agency, Holding, Membership, Position, User
from kotacerdas.foundation.territory.queries import area_by_code
from kotacerdas.kernel import clock
from kotacerdas.kernel.commands import Command
from kotacerdas.kernel.errors import Invalid, Missing


def _list(given: Namespace) -> None:
    for user in User.objects.filter(is_staff=True).order_by("username"):
        _list_one(user)


def _list_one(user: User) -> None:
    print(f"{user.username:24} {user.name}  {_state(user)}".rstrip())
    for held in user.holdings.select_related("position__agency").order_by("since"):
        print(f"    {_code(held.position):28} {_days(held):26} {post_title(held.position, held.acting)}")
    for role in user.memberships.select_related("agency").order_by("since"):
        place = " ".join(filter(None, (role.agency.code if role.agency else "", role.area_code)))
        print(f"    {role.role:28} {_days(role):26} {place}".rstrip())


def _state(user: User) -> str:
    if not user.is_active:
        return _("(closed)")
    if not user.has_usable_password():
        return _("(no password yet)")
    return "" if is_mfa_enabled(user) else _("(no second factor yet)")


def _posts(given: Namespace) -> None:
    if given.agency:
        _agency(given.agency)
    today = Holding.objects.on(clock.today()).filter(user__is_active=True).select_related("user")
    holders: dict[object, list[str]] = {}
    for held in today:
        holders.setdefault(held.position_id, []).append(f"{held.acting} {held.user.username}".strip())
    posts = Position.objects.filter(closed_on=None).select_related("agency")
    for post in posts.filter(agency__code=given.agency) if given.agency else posts:
        print(f"{_code(post):28} {post_title(post):60} {', '.join(holders.get(post.id, [])) or '-'}")


def _open(given: Namespace) -> None:
    user = staffing.account_open(
        actor=SYSTEM, username=given.username, name=given.name, email=given.email, phone=given.phone
    )
    _print_way_in(user)


def _renew(given: Namespace) -> None:
    user = _user(given.username)
    staffing.account_renew(actor=SYSTEM, user=user)
    _print_way_in(user)


def _reopen(given: Namespace) -> None:
    user = _user(given.username)
    staffing.account_reopen(actor=SYSTEM, user=user)
    _print_way_in(user)


def _change(given: Namespace) -> None:
    user = staffing.account_change(
        actor=SYSTEM,
        user=_user(given.username),
        name=given.name,
        email=given.email,
        phone=given.phone,
    )
    _list_one(user)


def _close(given: Namespace) -> None:
    staffing.account_close(actor=SYSTEM, user=_user(given.username))
    print(_("Closed; its sessions are over."))


def _seat(given: Namespace) -> None:
    held = staffing.post_fill(
        actor=SYSTEM,
        user=_user(given.username),
        position=_position(given.post),
        since=given.since or clock.today(),
        until=given.until,
        acting=given.acting,
        basis=given.basis,
    )
    _list_one(held.user)


def _leave(given: Namespace) -> None:
    user = _user(given.username)
    staffing.post_leave(
        actor=SYSTEM, user=user, position=_position(given.post), last_day=given.last or clock.today()
    )
    _list_one(user)


def _give(given: Namespace) -> None:
    user = _user(given.username)
    granting.role_give(
        actor=SYSTEM,
        user=user,
        role=given.role,
        since=given.since or clock.today(),
        until=given.until,
        agency=_agency(given.agency) if given.agency else None,
        area_code=_area(given.area) if given.area else "",
    )
    _list_one(user)


def _take(given: Namespace) -> None:
    user = _user(given.username)
    granting.role_take(actor=SYSTEM, user=user, role=given.role, last_day=given.last or clock.today())
    _list_one(user)


def _print_way_in(user: User) -> None:
    names = {"name": user.name, "username": user.username}
    print(
        _("User name %(username)s. Give this link to %(name)s alone; it works once, for three days:") % names
    )
    print(staffing.way_in(user))


def _days(held: Holding | Membership) -> str:
    return f"{held.since} – {held.until or ''}"


def _code(post: Position) -> str:
    return f"{post.agency.code}/{post.code}"


def _user(username: str) -> User:
    found = User.objects.filter(username=username.strip().lower(), is_staff=True).first()
    if found is None:
        raise granting.no_staff_account(username)
    return found


def _position(text: str) -> Position:
    agency, _slash, code = text.partition("/")
    found = Position.objects.select_related("agency").filter(agency__code=agency, code=code).first()
    if found is None:
        raise Missing(
            _("There is no post %(post)s.") % {"post": text},
            remedy=_("Posts are written AGENCY/post: ./run staff posts"),
        )
    return found


def _agency(code: str) -> Agency:
    found = Agency.objects.filter(code=code, closed_on=None).first()
    if found is None:
        raise Missing(
            _("There is no agency %(code)s.") % {"code": code}, remedy=_("See their codes: ./run staff posts")
        )
    return found


def _area(code: str) -> str:
    if area_by_code(code) is None:
        raise Missing(
            _("There is no area %(code)s.") % {"code": code},
            remedy=_("Area codes are the Ministry's, as in the pack's areas.csv."),
        )
    return code


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Invalid(
            _("%(text)s is not a day.") % {"text": text}, remedy=_("Write it as 2026-11-30.")
        ) from error


def _arguments(parser: ArgumentParser) -> None:
    under = parser.add_subparsers(metavar="<step>", required=True)

    def step(name: str, run: Callable[[Namespace], None], words: str, *positional: str) -> ArgumentParser:
        one = under.add_parser(name, help=words, description=words)
        for argument in positional:
            one.add_argument(argument)
        one.set_defaults(step=run)
        return one

    step("list", _list, "accounts, and the posts each holds")
    posts = step("posts", _posts, "posts, and who sits there today")
    posts.add_argument("agency", nargs="?", help="one agency's alone")
    opened = step(
        "open", _open, "an account for somebody new; prints their one-time link", "username", "name"
    )
    opened.add_argument("--email", default="", help="where notices for their posts go")
    opened.add_argument("--phone", default="", help="where urgent ones go")
    change = step("change", _change, "another name, e-mail or phone", "username")
    change.add_argument("--name")
    change.add_argument("--email")
    change.add_argument("--phone")
    step("renew", _renew, "forget password and second factor, print a new link", "username")
    step("reopen", _reopen, "open a closed account again, without posts and roles", "username")
    step("close", _close, "end the account, its sessions and its posts", "username")
    seat = step("seat", _seat, "sit in a post (AGENCY/post) from a day on", "username", "post")
    seat.add_argument("--since", type=_day, metavar="YYYY-MM-DD", help="the first day; today without it")
    seat.add_argument("--until", type=_day, metavar="YYYY-MM-DD", help="the last day; open without it")
    seat.add_argument("--acting", choices=("plt", "plh"), default="", help="plt: no holder; plh: holder away")
    seat.add_argument("--basis", default="", help="decree or order")
    leave = step("leave", _leave, "the last day in a post; it still counts", "username", "post")
    leave.add_argument("--last", type=_day, metavar="YYYY-MM-DD", help="today without it")
    give = step("give", _give, "a role beside those of their posts (see ./run roles)", "username", "role")
    give.add_argument("--agency", default="", help="where it holds: an agency's code")
    give.add_argument("--area", default="", help="or a district's or village's code; not both")
    give.add_argument("--since", type=_day, metavar="YYYY-MM-DD", help="the first day; today without it")
    give.add_argument("--until", type=_day, metavar="YYYY-MM-DD", help="the last day; open without it")
    take = step("take", _take, "the last day of such a role", "username", "role")
    take.add_argument("--last", type=_day, metavar="YYYY-MM-DD", help="today without it")


def _run(given: Namespace) -> int:
    given.step(given)
    return 0


COMMANDS = (
    Command(
        name="staff",
        help="accounts of staff, and who sits in which post",
        run=_run,
        add_arguments=_arguments,
    ),
)
