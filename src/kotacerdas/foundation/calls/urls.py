"""The telephone desk's addresses; a program may include them once more under an address of before."""

from django.urls import path

from kotacerdas.foundation.calls import views

app_name, PREFIX = "calls", "desk/telepon/"

urlpatterns = [
    path("", views.desk, name="phone"),
    path("catat/", views.note, name="phone_note"),
    path("balik/", views.call_back, name="phone_back"),
    path("penelepon/", views.caller, name="phone_caller"),
    path("orang/", views.people, name="phone_people"),
    path("regu/", views.shift, name="phone_shift"),
    path("tersimpan/<str:number>/", views.stored, name="phone_stored"),
]
