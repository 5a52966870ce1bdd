"""Checking a paper, and looking at templates."""

from django.urls import path

from kotacerdas.foundation.documents import views

app_name = "documents"
urlpatterns = [
    path("periksa/", views.ask, name="ask"),
    path("periksa/<str:code>/", views.check, name="check"),
    path("desk/dokumen/", views.templates, name="templates"),
    path("desk/dokumen/<str:kind>/", views.preview, name="preview"),
]
