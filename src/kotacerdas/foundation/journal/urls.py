"""The journal's public address."""

from django.urls import path

from kotacerdas.foundation.journal.views import heads

urlpatterns = [path("jurnal/kepala.json", heads, name="journal_heads")]
