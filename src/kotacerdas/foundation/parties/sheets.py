"""The sheet of staff: accounts and the posts they hold. One row is one person in one post."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kotacerdas.foundation.parties.granting import IMPORT_STAFF
from kotacerdas.foundation.parties.models import Holding, Position, User
from kotacerdas.foundation.parties.roles import declared
from kotacerdas.foundation.parties.staffing import (
    account_change,
    account_flaws,
    account_open,
    post_fill,
    post_leave,
    post_must_fit,
)
from kotacerdas.kernel import clock, phones
from kotacerdas.kernel.errors import KotaError
from kotacerdas.kernel.sheets import Choice, Column, Key, Kind, Row, RowRefused, Sheet, Wrong

_PERSON = ("name", "email", "phone")
_SEAT = ("since", "acting", "basis")


class RuleText:
    """The message of a rule's error, in the language in which it is shown."""

    def __init__(self, rule: Callable[[], object], part: str) -> None:
        self.rule, self.part = rule, part

    def __str__(self) -> str:
        try:
            self.rule()
        except KotaError as error:
            return str(getattr(error, self.part)) or str(_("Correct it."))
        return ""


def current(keys: Sequence[Key]) -> Mapping[Key, Mapping[str, Any]]:
    """What is stored of these people, and of the posts beside their names that they hold or will hold."""
    users = {one.username: one for one in User.objects.filter(username__in=[name for name, _post in keys])}
    held: dict[tuple[str, str], Holding] = {}
    holdings = (
        Holding.objects.filter(Q(until=None) | Q(until__gte=clock.today()), user__in=users.values())
        .select_related("user", "position__agency")
        .order_by("-since")
    )
    for one in holdings:
        held[one.user.username, f"{one.position.agency.code}/{one.position.code}"] = one
    made: dict[Key, dict[str, Any]] = {}
    for key in keys:
        user = users.get(key[0])
        if user is None:
            continue
        seat = held.get((key[0], key[1] or ""))
        made[key] = {
            "username": user.username,
            "name": user.name,
            "email": user.email or None,
            "phone": user.phone or None,
            "post": key[1] if seat else None,
            "since": seat.since if seat else None,
            "until": seat.until if seat else None,
            "acting": (seat.acting or "holder") if seat else None,
            "basis": (seat.basis or None) if seat else None,
        }
    return made


def check(rows: Sequence[Row], actor: Any) -> Iterator[tuple[int, Wrong]]:
    """Accounts and posts that `account_open`, `account_change`, `post_fill` and `post_leave` would refuse."""
    users = {
        one.username: one
        for one in User.objects.filter(username__in=[row.values["username"] for row in rows])
    }
    posts = positions_of([row.values.get("post") for row in rows])
    for row in rows:
        user = users.get(row.values["username"])
        for wrong in _account_flaws(row, user, actor):
            yield row.line, wrong
        if row.values.get("post"):
            for wrong in _post_flaws(row, user, posts.get(row.values["post"])):
                yield row.line, wrong


def positions_of(names: Iterable[str | None]) -> dict[str, Position]:
    """Open posts by how they are written: AGENCY/post."""
    agencies = {name.partition("/")[0] for name in names if name}
    found = Position.objects.filter(agency__code__in=agencies, closed_on=None).select_related("agency")
    return {f"{one.agency.code}/{one.code}": one for one in found}


def permissions_of(roles: Iterable[str]) -> set[str]:
    """All permissions that these roles carry."""
    known = declared().roles
    return {one for role in roles if role in known for one in known[role].permissions}


def _account_flaws(row: Row, user: User | None, actor: Any) -> Iterator[Wrong]:
    if user is not None and not user.is_staff:
        yield Wrong(
            column="username", message=_("This name belongs to a citizen."), remedy=_("Choose another one.")
        )
    elif user is not None and not user.is_active:
        yield Wrong(
            column="username",
            message=_("This account is closed."),
            remedy=_("The operator opens it again: ./run staff reopen"),
        )
    elif user is not None and actor.user is not None and user.pk == actor.user.pk:
        yield Wrong(
            column="username",
            message=_("This is your own account."),
            remedy=_("Leave the row out: nobody changes their own posts by a table."),
        )
    given = {name: row.values.get(name) or "" for name in ("email", "phone")}
    name = row.values.get("name")

    def flaws() -> dict[str, str]:
        return account_flaws(username=row.values["username"], name=name, **given)

    for column in flaws():
        yield Wrong(column=column, message=_Flaw(flaws, column), remedy=_("Correct it."))


class _Flaw:
    def __init__(self, flaws: Callable[[], Mapping[str, str]], column: str) -> None:
        self.flaws, self.column = flaws, column

    def __str__(self) -> str:
        return self.flaws().get(self.column, "")


def _post_flaws(row: Row, user: User | None, position: Position | None) -> Iterator[Wrong]:
    if position is None:
        yield Wrong(
            column="post",
            message=_("There is no such post."),
            remedy=_("Posts are written AGENCY/post, as in ./run staff posts."),
        )
        return
    if IMPORT_STAFF in permissions_of(position.roles):
        yield Wrong(
            column="post",
            message=_("Whoever sits in this post imports staff too."),
            remedy=_("Such posts are filled by whoever runs the machine: ./run staff"),
        )
        return
    before, post = row.before or {}, position
    if before.get("post"):
        for name in _SEAT:
            value = row.values.get(name)
            if value is not None and value != before[name]:
                yield Wrong(
                    column=name,
                    message=_("They sit in this post already, since %(day)s; this cannot be changed here."),
                    remedy=_("Leave the cell empty. To end the post, write its last day under Until."),
                    given={"day": before["since"].strftime("%d/%m/%Y")},
                )
        return
    since, until, acting = _seat(row)

    def rule() -> None:
        post_must_fit(user, post, since, until, acting)

    try:
        rule()
    except KotaError as error:
        column = "until" if "until" in getattr(error, "fields", {}) else "post"
        yield Wrong(column=column, message=RuleText(rule, "message"), remedy=RuleText(rule, "remedy"))


def _seat(row: Row) -> tuple[Any, Any, str]:
    acting = row.values.get("acting") or ""
    return (
        row.values.get("since") or clock.today(),
        row.values.get("until"),
        "" if acting == "holder" else acting,
    )


def take(rows: Iterable[Row], actor: Any) -> None:
    """Open accounts, change what differs, fill and end posts. New accounts get no password here."""
    for row in rows:
        try:
            _take(row, actor)
        except KotaError as error:
            raise RowRefused(row.line, Wrong(message=error.message, remedy=error.remedy)) from error


def _take(row: Row, actor: Any) -> None:
    values, before = row.values, row.before
    person = {name: values[name] for name in _PERSON if values.get(name) is not None}
    user = User.objects.filter(username=values["username"]).first()
    if user is None:
        user = account_open(actor=actor, username=values["username"], **person)
    elif before is not None and any(before[name] != value for name, value in person.items()):
        account_change(actor=actor, user=user, **person)
    if not values.get("post"):
        return
    position = positions_of([values["post"]])[values["post"]]
    since, until, acting = _seat(row)
    if before is None or not before.get("post"):
        basis = values.get("basis") or ""
        post_fill(
            actor=actor, user=user, position=position, since=since, until=until, acting=acting, basis=basis
        )
    elif until is not None and until != before["until"]:
        post_leave(actor=actor, user=user, position=position, last_day=until)


def a_phone(text: str) -> str:
    """The number in stored form. Raises ValueError."""
    number = phones.normal(text)
    if not number:
        raise ValueError(text)
    return number


STAFF = Sheet(
    name="parties.staff",
    words=_("Staff and their posts"),
    about=_(
        "Opens accounts, corrects names and how people are reached, fills posts and ends them. It gives no "
        "password: who is new gets a link from the operator (./run staff renew). A post brings its rights, so "
        "somebody else than who gave the file takes it."
    ),
    key=("username", "post"),
    permission=IMPORT_STAFF,
    by_two=True,
    check=check,
    current=current,
    take=take,
    columns=(
        Column(
            name="username",
            words=_("User name"),
            kind=Kind.CODE,
            required=True,
            longest=80,
            aliases=("nama pengguna", "akun", "user", "login"),
            normal=str.lower,
            hint=_("small letters a to z, digits, single points and hyphens between them"),
        ),
        Column(
            name="name",
            words=_("Name of the person"),
            required=True,
            longest=120,
            aliases=("nama", "nama lengkap", "nama pegawai", "nama asn"),
        ),
        Column(name="email", words=_("E-mail"), longest=254, aliases=("email", "surel"), private=True),
        Column(
            name="phone",
            words=_("Phone number"),
            kind=Kind.CODE,
            longest=24,
            aliases=("telepon", "hp", "no hp", "nomor hp", "no telepon", "wa", "nomor wa"),
            normal=a_phone,
            private=True,
            hint=_("0812-3456-7890, or with the country's code"),
        ),
        Column(
            name="post",
            words=_("Post"),
            kind=Kind.CODE,
            longest=90,
            aliases=("jabatan", "kode jabatan"),
            hint=_("AGENCY/post, as in PU/officer; empty for an account alone"),
        ),
        Column(
            name="since",
            words=_("Since"),
            kind=Kind.DATE,
            aliases=("sejak", "tmt", "mulai"),
            hint=_("the first day; today where it is empty"),
        ),
        Column(
            name="until",
            words=_("Until"),
            kind=Kind.DATE,
            aliases=("sampai", "berakhir"),
            hint=_("the last day, which still counts; empty where the end is open"),
        ),
        Column(
            name="acting",
            words=_("Acting"),
            kind=Kind.CHOICE,
            aliases=("plt/plh", "status jabatan"),
            choices=(
                Choice(value="holder", words=_("holder of the post"), aliases=("definitif", "tetap")),
                Choice(value="plt", words="Plt", aliases=("pelaksana tugas",)),
                Choice(value="plh", words="Plh", aliases=("pelaksana harian",)),
            ),
            hint=_("Plt while the post has no holder, Plh while they are away"),
        ),
        Column(name="basis", words=_("Decree"), longest=200, aliases=("sk", "nomor sk", "dasar")),
    ),
)
SHEETS = (STAFF,)
