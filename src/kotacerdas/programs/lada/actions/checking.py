"""What lines of the ledger say, against the code list and the card: asked once for all lines of a batch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils.translation import gettext as _

from kotacerdas.kernel.errors import Invalid
from kotacerdas.programs.lada import cards, codes, events
from kotacerdas.programs.lada.models import Asset, Event, GoodsCode

if TYPE_CHECKING:
    from kotacerdas.programs.lada.actions.ledger import Line


def content_check(lines: Sequence[Line], goods_codes: dict[UUID, str]) -> None:
    """Raise Invalid for a goods code that is not in the list, at the level where it is wrong, and for facts that
    their card has not, or in another form. Nothing is read for lines that say neither.

    goods_codes   the code of each good that is in the register already
    """
    known = _known(lines)
    for position, line in enumerate(lines, 1):
        code = line.data.get("goods_code") if line.kind in (*events.FIRST, "reclassify") else ""
        if code and (words := next(codes.flaws(code, known), "")):
            raise Invalid(words, fields={f"line_{position}": words}, code="goods_code")
        if facts := line.data.get("facts"):
            card = codes.card_of(code or goods_codes.get(line.asset, ""))
            for _name, words in cards.flaws(card, facts):
                raise Invalid(words, fields={f"line_{position}": words}, code="facts")
        if line.amount < 0 and line.kind in (*events.FIRST, "capitalise"):
            words = _("The value must not become negative.")
            raise Invalid(words, fields={f"line_{position}": words}, code="negative_value")


def reversals_check(lines: Sequence[Line]) -> None:
    """Raise Invalid where a split would be taken back on one side alone: whole and part go together, or the sum would
    stand twice in the books.
    """
    taken = {one.asset: position for position, one in enumerate(lines, 1) if one.kind == "reverse"}
    if not taken:
        return
    for event in splits_of(lines):
        others = {one.asset_id for one in siblings(event)} - set(taken)
        if others:
            words = _("A split is taken back on both sides: choose its whole and its part together.")
            raise Invalid(words, fields={f"line_{taken[event.asset_id]}": words}, code="split")


def free_numbers_check(
    lines: Sequence[Line],
    before: Mapping[UUID, events.State | None],
    after: Mapping[UUID, events.State | None],
) -> None:
    """Raise Invalid where a good that these lines bring into an agency's books, or back into them, has a register
    number that is another good's there by now.
    """
    wanted: dict[tuple[str, str, int], UUID] = {}
    for asset in dict.fromkeys(one.asset for one in lines):
        key = _number_of(after.get(asset))
        if key is None or key == _number_of(before.get(asset)):
            continue
        if key in wanted:
            raise _taken(key, lines, asset, "")
        wanted[key] = asset
    if not wanted:
        return
    taken = Asset.objects.filter(
        is_active=True,
        agency__code__in={key[0] for key in wanted},
        goods_code__in={key[1] for key in wanted},
        register_no__in={key[2] for key in wanted},
    ).values_list("agency__code", "goods_code", "register_no", "id", "nibar")
    for agency, code, number, holder, nibar in taken.order_by():
        own = wanted.get((agency, code, number))
        if own is not None and holder != own:
            raise _taken((agency, code, number), lines, own, nibar)


def _number_of(state: events.State | None) -> tuple[str, str, int] | None:
    """Under which number a good is in the books: agency, goods code, number; None for one that is in none."""
    if state is None or not state.is_active or not state.register_no:
        return None
    return (state.agency, state.goods_code, int(state.register_no))


def _taken(key: tuple[str, str, int], lines: Sequence[Line], asset: UUID, nibar: str) -> Invalid:
    position, kind = next((n, one.kind) for n, one in reversed([*enumerate(lines, 1)]) if one.asset == asset)
    given = {"number": key[2], "code": key[1], "nibar": nibar}
    words = _("Register number %(number)d of %(code)s is another good's already.") % given
    if nibar and kind == "reverse":
        words = (
            _(
                "Register number %(number)d of %(code)s is that of good %(nibar)s by now. Have the entry of that good "
                "taken back first and read it in under another number; then take this back."
            )
            % given
        )
    return Invalid(words, fields={f"line_{position}": words}, code="register_no")


def splits_of(lines: Sequence[Line]) -> list[Event]:
    """The events of splits that these lines take back."""
    wanted = {(one.asset, one.reverses) for one in lines if one.kind == "reverse"}
    rows = Event.objects.filter(asset__in=[one for one, _number in wanted], kind__in=("split", "opening"))
    found = rows.filter(change__kind="split").select_related("change")
    return [one for one in found if (one.asset_id, one.number) in wanted]


def siblings(event: Event) -> list[Event]:
    """The other events of the change that wrote this one."""
    return list(Event.objects.filter(change=event.change).exclude(id=event.id).select_related("asset"))


def known_codes(wanted: set[str]) -> set[str]:
    """Those of these codes, and of the levels above them, that the list has and that are not closed."""
    parts = {part for code in wanted for part in codes.parts(code)}
    if not parts:
        return set()
    return set(GoodsCode.objects.filter(code__in=parts, closed_on=None).values_list("code", flat=True))


def _known(lines: Sequence[Line]) -> set[str]:
    return known_codes({str(one.data["goods_code"]) for one in lines if one.data.get("goods_code")})
