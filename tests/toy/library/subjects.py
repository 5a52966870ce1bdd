"""Books as subjects: found by the search, told by the journal."""

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from toy.library.models import Book
from toy.library.permissions import LEND

from kotacerdas.foundation.parties.subjects import Subject

BOOK = "library.book"


def books_for(grants):
    """The books of the libraries where somebody lends."""
    return Book.objects.filter(agency__in=grants.scope(LEND).agencies)


SUBJECTS = (
    Subject(
        kind=BOOK,
        label=_("Book"),
        visible=books_for,
        words=lambda book: book.title,
        url=lambda book: reverse("casework:history", args=[BOOK, book.id]),
        find=lambda text: Q(title__icontains=text) | Q(code__iexact=text),
        acts={"shelve": _("Put on the shelf")},
    ),
)
