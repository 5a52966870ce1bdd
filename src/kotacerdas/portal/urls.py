"""Addresses of the front page and its neighbours."""

from django.urls import path

from kotacerdas.portal import views

urlpatterns = [
    path("", views.portal_home, name="portal_home"),
    path("darurat/", views.portal_emergency, name="portal_emergency"),
    path("privasi/", views.portal_privacy, name="portal_privacy"),
    path("aksesibilitas/", views.portal_accessibility, name="portal_accessibility"),
]
