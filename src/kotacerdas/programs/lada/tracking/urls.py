"""The addresses of goods with a device."""

from django.urls import path

from kotacerdas.programs.lada.tracking import views

urlpatterns = [
    path("", views.live, name="live"),
    path("pemeliharaan/", views.service_list, name="services"),
    path("<str:nibar>/", views.track, name="track"),
    path("<str:nibar>/perangkat/", views.bind_device, name="bind_device"),
    path("<str:nibar>/pagar/", views.fence, name="fence"),
    path("<str:nibar>/pemeliharaan/", views.service, name="service"),
    path("<str:nibar>/pemeliharaan/selesai/", views.serviced, name="serviced"),
]
