"""What is asked: of borrowers on the public pages, of callers, of the librarian."""

from django import forms
from django.utils.translation import gettext_lazy as _
from toy.library.models import Book

from kotacerdas.foundation.calls.forms import CallForm
from kotacerdas.foundation.casework.forms import StepForm
from kotacerdas.foundation.forms.page_form import PageForm
from kotacerdas.foundation.ui.fields import PhoneField


def _books():
    return [("", _("Choose a book")), *Book.objects.order_by("title").values_list("code", "title")]


class BookForm(PageForm):
    book = forms.ChoiceField(label=_("Book"), choices=_books)


class WhoForm(PageForm):
    name = forms.CharField(label=_("Name"))
    phone = PhoneField(label=_("Phone number"), required=False)


class LoanCallForm(CallForm):
    words = forms.CharField(required=False)
    book = forms.ChoiceField(label=_("Book"), choices=_books)


class FineForm(StepForm):
    amount = forms.IntegerField(label=_("Amount in rupiah"), min_value=1)
