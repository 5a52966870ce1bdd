"""The address of the treasurer's day."""

from django.urls import path

from kotacerdas.programs.gopal.treasury import views

urlpatterns = [path("", views.day, name="treasury")]
