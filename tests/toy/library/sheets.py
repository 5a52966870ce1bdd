"""Books as a table."""

from decimal import Decimal

from django.utils.translation import gettext_lazy as _
from toy.library.actions import book_shelve
from toy.library.models import Book
from toy.library.permissions import LEND

from kotacerdas.kernel.sheets import Column, Kind, Sheet

NAMES = ("code", "title", "copies")
ENDS = {"least": Decimal(0), "most": Decimal(999)}


def _current(keys):
    books = Book.objects.filter(code__in=[code for (code,) in keys]).values(*NAMES)
    return {(one["code"],): one for one in books}


def _take(rows, actor):
    for row in rows:
        given = {name: row.get(name) for name in NAMES}
        book_shelve(actor=actor, agency=actor.position.agency, **given)


SHEETS = (
    Sheet(
        name="library.books",
        words=_("Books"),
        key=("code",),
        permission=LEND,
        current=_current,
        take=_take,
        columns=(
            Column(name="code", words=_("Code"), kind=Kind.CODE, required=True, longest=20),
            Column(name="title", words=_("Title"), required=True, longest=120),
            Column(name="copies", words=_("Copies"), kind=Kind.WHOLE, required=True, **ENDS),
        ),
    ),
)
