"""Every address of reports. The desk's `<number>/` takes any word, so what has a fixed word comes before it."""

from django.urls import include, path

from kotacerdas.foundation.casework.addresses import desk_urls
from kotacerdas.programs.iceta.desks import REPORT_DESK

app_name = "iceta"

urlpatterns = [
    path("", include("kotacerdas.programs.iceta.public.urls")),
    path("", include("kotacerdas.programs.iceta.phone.urls")),
    path("", include("kotacerdas.programs.iceta.verify.urls")),
    path("desk/iceta/", include(desk_urls(REPORT_DESK))),
]
