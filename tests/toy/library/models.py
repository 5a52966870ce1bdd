"""Books, and the program's own row of a loan."""

from django.db import models

from kotacerdas.foundation.cases.models import Case
from kotacerdas.foundation.parties.models import Agency
from kotacerdas.kernel import ids


class Book(models.Model):
    """A title that an agency owns; `copies` counts those on the shelf and those lent."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    code = models.CharField(max_length=20, unique=True)
    title = models.CharField(max_length=120)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT)
    copies = models.PositiveIntegerField()


class Loan(models.Model):
    """What the common header does not know of a loan: which book."""

    case = models.OneToOneField(Case, primary_key=True, on_delete=models.CASCADE, related_name="loan")
    book = models.ForeignKey(Book, on_delete=models.PROTECT, related_name="loans")
