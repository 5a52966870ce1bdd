"""ICeta's addresses for the phone desk, old ones too; included before the desk's `<number>/`."""

from django.urls import include, path

from kotacerdas.foundation.calls.urls import urlpatterns as desk
from kotacerdas.programs.iceta.phone import views

urlpatterns = [
    path("desk/iceta/telepon/jenis/", views.phone_kinds, name="phone_kinds"),
    path("desk/iceta/telepon/tempat/", views.phone_places, name="phone_places"),
    path("desk/iceta/telepon/akibat/", views.phone_outcome, name="phone_outcome"),
    path("desk/iceta/telepon/", include(desk)),
]
