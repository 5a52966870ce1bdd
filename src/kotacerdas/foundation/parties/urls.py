"""Sign-in pages. Of allauth only what is used has an address."""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from django.urls import path, re_path

from kotacerdas.foundation.parties import presence, views, views_account
from kotacerdas.foundation.parties.access import desk
from kotacerdas.foundation.parties.limits import limited

_staff = desk()
_codes = limited("code", capacity=6, seconds=600)
_links = limited("way-in", capacity=20, seconds=300, methods=("GET", "POST"))

urlpatterns = [
    path("akun/masuk/", views.sign_in, name="account_login"),
    path("akun/keluar/", account.logout, name="account_logout"),
    path("akun/masih-di-sini/", presence.still_here, name="still_here"),
    path("akun/layar/", presence.keep_screen, name="keep_screen"),
    path("akun/nonaktif/", account.account_inactive, name="account_inactive"),
    path("akun/kode/", _codes(views_account.request_code), name="account_request_login_code"),
    path("akun/kode/periksa/", _codes(views_account.confirm_code), name="account_confirm_login_code"),
    path("akun/kata-sandi/", views_account.change_password, name="account_change_password"),
    re_path(
        r"^akun/kata-sandi/baru/(?P<uidb36>[0-9a-f]{32})-(?P<key>[0-9A-Za-z-]{1,80})/$",
        _links(views.choose_password),
        name="account_reset_password_from_key",
    ),
    path("akun/periksa-lagi/", account.reauthenticate, name="account_reauthenticate"),
    path("akun/pengaman/", _staff(mfa.index), name="mfa_index"),
    path("akun/pengaman/masuk/", mfa.authenticate, name="mfa_authenticate"),
    path("akun/pengaman/periksa-lagi/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("akun/pengaman/perangkat/", mfa.trust, name="mfa_trust"),
    path("akun/pengaman/pasang/", _staff(totp.activate_totp), name="mfa_activate_totp"),
    path("akun/pengaman/lepas/", _staff(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path("akun/pengaman/cadangan/", _staff(codes.view_recovery_codes), name="mfa_view_recovery_codes"),
    path(
        "akun/pengaman/cadangan/buat/",
        _staff(codes.generate_recovery_codes),
        name="mfa_generate_recovery_codes",
    ),
    path(
        "akun/pengaman/cadangan/unduh/",
        _staff(codes.download_recovery_codes),
        name="mfa_download_recovery_codes",
    ),
    path("akun/peraga/<str:username>/", views.demo_sign_in, name="demo_sign_in"),
    path("akun/jabatan/<uuid:position_id>/", views.choose_post, name="choose_post"),
    path("desk/", views.home, name="desk_home"),
]
