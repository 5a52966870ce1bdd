"""The outbox page of demo and training installations."""

from django.urls import path

from kotacerdas.foundation.notify import views

urlpatterns = [path("desk/keluar/", views.outbox, name="notify_outbox")]
