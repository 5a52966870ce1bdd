"""Addresses of the pay page, of providers' notices, and of the treasurer's desk."""

from django.urls import path

from kotacerdas.foundation.payments import views, views_charge, views_desk

app_name = "payments"
urlpatterns = [
    path("bayar/kabar/<slug:provider>/", views.notice, name="notice"),
    path("bayar/<str:token>/", views.pay, name="pay"),
    path("bayar/<str:token>/status/", views.status, name="status"),
    path("bayar/<str:token>/peraga/", views.simulate, name="simulate"),
    path("bayar/<str:token>/kuitansi/<uuid:payment>/", views.receipt, name="receipt"),
    path("desk/kas/", views_desk.day, name="day"),
    path("desk/kas/tutup/", views_desk.close, name="close"),
    path("desk/kas/tagihan/<str:number>/", views_charge.charge, name="charge"),
    path("desk/kas/tagihan/<str:number>/kembali/<uuid:payment>/", views_charge.refund, name="refund"),
    path("desk/kas/selisih/<str:number>/", views_desk.difference, name="difference"),
]
