"""Addresses of telemetry: the desk's pages, and the doors for machines."""

from django.urls import path, re_path

from kotacerdas.foundation.telemetry.doors import http
from kotacerdas.foundation.telemetry.pages import admin, alerts, devices, rules
from kotacerdas.foundation.telemetry.sensorthings.views import door

app_name = "telemetry"
_DESK = "desk/perangkat/"
urlpatterns = [
    path(_DESK, devices.devices, name="devices"),
    path(f"{_DESK}peta/", devices.device_map, name="map"),
    path(f"{_DESK}baru/", devices.device_new, name="device_new"),
    path(f"{_DESK}banyak/", admin.device_many, name="device_many"),
    path(f"{_DESK}label/", admin.labels, name="labels"),
    path(f"{_DESK}karantina/", admin.quarantine, name="quarantine"),
    path(f"{_DESK}kunci/", admin.keys, name="keys"),
    path(f"{_DESK}peringatan/", alerts.alerts, name="alerts"),
    path(f"{_DESK}peringatan/<str:number>/", alerts.alert, name="alert"),
    path(f"{_DESK}peringatan/<str:number>/langkah/<slug:name>/", alerts.alert_step, name="alert_step"),
    path(f"{_DESK}aturan/", rules.rules, name="rules"),
    path(f"{_DESK}aturan/baru/", rules.rule_new, name="rule_new"),
    path(f"{_DESK}aturan/<uuid:rule_id>/", rules.rule, name="rule"),
    path(f"{_DESK}aturan/<uuid:rule_id>/versi/", rules.rule_edit, name="rule_edit"),
    path(f"{_DESK}aturan/<uuid:rule_id>/langkah/<slug:name>/", rules.rule_step, name="rule_step"),
    path(f"{_DESK}alat/<slug:code>/", devices.device, name="device"),
    path(f"{_DESK}alat/<slug:code>/ubah/", devices.device_edit, name="device_edit"),
    path(f"{_DESK}alat/<slug:code>/langkah/<slug:name>/", devices.device_step, name="device_step"),
    path("api/v1/telemetry/d/<slug:code>", http.observations, name="observations"),
    path("api/v1/telemetry/d/<slug:code>/<slug:stream>", http.observations, name="observations_of"),
    path("api/v1/telemetry/<slug:door>", http.uplink, name="uplink"),
    re_path(r"^sensorthings/v1\.1/?(?P<rest>.*)$", door, name="sensorthings"),
]
