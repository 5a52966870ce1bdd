"""Every address of reports. The desk's `<number>/` takes any word, so what has a fixed word comes before it."""

from django.urls import include, path

app_name = "iceta"

urlpatterns = [
    path("", include("kotacerdas.programs.iceta.public.urls")),
    path("", include("kotacerdas.programs.iceta.phone.urls")),
    path("", include("kotacerdas.programs.iceta.verify.urls")),
    path("desk/iceta/", include("kotacerdas.programs.iceta.desk.urls")),
]
