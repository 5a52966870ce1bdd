"""What is asked: of borrowers on the public pages, of callers, of the librarian."""

from django import forms
from django.utils.translation import gettext_lazy as _
from toy.library.models import Book

from kotacerdas.foundation.calls.forms import NO_NUMBER, CallForm
from kotacerdas.foundation.casework.forms import StepForm
from kotacerdas.foundation.forms.page_form import PageForm
from kotacerdas.kernel import phones


def _books():
    return [("", _("Choose a book")), *Book.objects.order_by("title").values_list("code", "title")]


class BookForm(PageForm):
    book = forms.ChoiceField(label=_("Book"), choices=_books)


class WhoForm(PageForm):
    name = forms.CharField(label=_("Name"))
    phone = forms.CharField(label=_("Phone number"), required=False)

    def clean_phone(self):
        if (text := self.cleaned_data["phone"]) and not phones.normal(text):
            raise forms.ValidationError(NO_NUMBER)
        return text


class LoanCallForm(CallForm):
    words = forms.CharField(required=False)
    book = forms.ChoiceField(label=_("Book"), choices=_books)


class FineForm(StepForm):
    amount = forms.IntegerField(label=_("Amount in rupiah"), min_value=1)
