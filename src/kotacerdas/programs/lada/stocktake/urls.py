"""The addresses of stocktakes."""

from django.urls import path

from kotacerdas.programs.lada.stocktake import views

urlpatterns = [
    path("", views.sessions, name="stocktakes"),
    path("baru/", views.open_session, name="open_stocktake"),
    path("<str:number>/", views.session, name="stocktake"),
    path("<str:number>/pindai/", views.scan, name="stocktake_scan"),
    path("<str:number>/regu/", views.join, name="join_stocktake"),
    path("<str:number>/tutup/", views.close, name="close_stocktake"),
]
