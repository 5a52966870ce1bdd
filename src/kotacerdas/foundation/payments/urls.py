"""Addresses of the pay page, of providers' notices, and of the treasurer's desk."""

from django.urls import path

from kotacerdas.foundation.payments import views, views_charge, views_desk, views_papers

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
    path("desk/kas/tagihan/<str:number>/skrd/", views_papers.bill, name="bill"),
    path("desk/kas/kembali/<uuid:refund>/", views_papers.given_back, name="given_back"),
    path("desk/kas/buku/<str:day>/", views_papers.book, name="book"),
    path("desk/kas/setoran/<str:number>/", views_papers.deposit, name="deposit"),
    path("desk/kas/setoran/<str:number>/sts/", views_papers.slip, name="slip"),
    path("desk/kas/selisih/<str:number>/", views_desk.difference, name="difference"),
]
