"""The verifier's addresses; included by the app's own urls.py before the desk's `<number>/`."""

from django.urls import path

from kotacerdas.programs.iceta.verify import views

urlpatterns = [
    path("desk/iceta/verifikasi/", views.verify, name="verify"),
    path("desk/iceta/verifikasi/<str:number>/putuskan/", views.verify_decide, name="verify_decide"),
    path("desk/iceta/verifikasi/<str:number>/usulan/", views.verify_disposition, name="verify_disposition"),
    path("desk/iceta/verifikasi/<str:number>/pelapor/", views.verify_reporter, name="verify_reporter"),
]
