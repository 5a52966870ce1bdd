"""The page of all pieces."""

from __future__ import annotations

from django.urls import path

from kotacerdas.foundation.ui import views

urlpatterns = [path("gaya/", views.gaya, name="gaya")]
