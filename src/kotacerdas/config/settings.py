"""Settings: everything an installation may choose comes from KOTACERDAS_* variables (docs/operation.md)."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from kotacerdas.config import keys, store
from kotacerdas.config.environment import door_url, flag, instance, number, programs, text, words
from kotacerdas.config.paths import PACK as PACK_FOLDER
from kotacerdas.config.paths import ROOT, VAR
from kotacerdas.kernel import clock

# --- the instance -----------------------------------------------------------------------------
PRODUCTION = flag("KOTACERDAS_PRODUCTION")
DEBUG = flag("KOTACERDAS_DEBUG") and not PRODUCTION
PACK = PACK_FOLDER
INSTANCE_CODE = text("KOTACERDAS_INSTANCE", instance(PACK).code)
TIME_ZONE = text("KOTACERDAS_TIME_ZONE", instance(PACK).time_zone)
_DOOR = door_url(text("KOTACERDAS_HOST", "127.0.0.1"), number("KOTACERDAS_PORT", 8000))
PUBLIC_URL = text("KOTACERDAS_PUBLIC_URL", _DOOR).rstrip("/")
ALLOWED_HOSTS = words("KOTACERDAS_ALLOWED_HOSTS", () if PRODUCTION else ("*",))
CSRF_TRUSTED_ORIGINS = words("KOTACERDAS_TRUSTED_ORIGINS", (PUBLIC_URL,))
TRUSTED_PROXIES = words("KOTACERDAS_TRUSTED_PROXIES")
METRICS_TOKEN = text("KOTACERDAS_METRICS_TOKEN")
clock.set_local_zone(ZoneInfo(TIME_ZONE))

# --- secrets ----------------------------------------------------------------------------------
SECRET_KEY = text("KOTACERDAS_SECRET_KEY", keys.load()["secret_key"])
FIELD_KEYS = keys.load()["fields"]
JOURNAL_KEY = keys.load()["journal"]

# --- apps -------------------------------------------------------------------------------------
FOUNDATION = [
    "ui",
    "jobs",
    "journal",
    "workdays",
    "territory",
    "files",
    "notify",
    "parties",
    "documents",
    "tables",
    "indicators",
    "cases",
    "commands",
    "forms",
    "casework",
    "following",
    "calls",
    "payments",
    "dispatch",
    "telemetry",
    "sync",
]
PROGRAMS = programs()
INSIGHT = ["evaluation", "commandcenter"]
INSTALLED_APPS = [  # ours first: of two that know a word or a template, the first one has it
    *(f"kotacerdas.foundation.{room}" for room in FOUNDATION),
    *PROGRAMS,
    *(f"kotacerdas.insight.{room}" for room in INSIGHT),
    "kotacerdas.portal",
    "kotacerdas.config",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "django_htmx",
    "procrastinate.contrib.django",
    "csp",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "kotacerdas.config.middleware.request_context",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "kotacerdas.config.middleware.compressed",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "kotacerdas.config.middleware.chosen_language",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "kotacerdas.config.middleware.no_store",
    "kotacerdas.foundation.parties.limits.pixels_middleware",
    "kotacerdas.foundation.parties.access.grants_middleware",
    "kotacerdas.foundation.parties.access.second_factor_middleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "kotacerdas.config.middleware.NoNul",
    "kotacerdas.config.middleware.Errors",
    "kotacerdas.foundation.parties.presence.presence_middleware",
]
ROOT_URLCONF = "kotacerdas.config.urls"
WSGI_APPLICATION = "kotacerdas.config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["kotacerdas.foundation.ui.templatetags.ui"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.csrf",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "kotacerdas.config.context.house",
                "kotacerdas.foundation.parties.context.frame",
                "kotacerdas.foundation.casework.context.search",
                "kotacerdas.portal.context.citizen",
            ],
        },
    }
]

# --- the store --------------------------------------------------------------------------------
DB_ROLE = text("KOTACERDAS_DB_ROLE", "owner")
DATABASES = {
    "default": store.address(DB_ROLE).django(application_name=f"kotacerdas {DB_ROLE}", connect_timeout="5")
    | {"CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True, "ATOMIC_REQUESTS": False}
}
CACHES = {"default": {"BACKEND": "kotacerdas.foundation.parties.attempts.Attempts"}}  # allauth counts in it

# --- people -----------------------------------------------------------------------------------
AUTH_USER_MODEL = "parties.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "name", "email")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_REDIRECT_URL = "/desk/"
CITIZEN_LOGIN_REDIRECT_URL = "following:my_cases"
LOGIN_URL = "account_login"
ACCOUNT_ADAPTER = "kotacerdas.foundation.parties.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username", "phone"}
ACCOUNT_SIGNUP_FIELDS = ["phone", "username*", "password1*"]
ACCOUNT_FORMS = {
    "login": "kotacerdas.foundation.parties.forms.StaffLoginForm",
    "request_login_code": "kotacerdas.foundation.parties.forms.CitizenCodeForm",
    "change_password": "kotacerdas.foundation.parties.forms.NewPasswordForm",
    "reset_password_from_key": "kotacerdas.foundation.parties.forms.ChosenPasswordForm",
    "confirm_login_code": "kotacerdas.foundation.parties.forms.CodeForm",
}
ACCOUNT_PHONE_VERIFICATION_ENABLED = False  # the sign-in code itself proves the number
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "django.contrib.auth.tokens.PasswordResetTokenGenerator"  # noqa: S105
PASSWORD_RESET_TIMEOUT = 3 * 24 * 3600
ACCOUNT_LOGIN_ON_PASSWORD_RESET = True  # and on to the second factor
ACCOUNT_SESSION_REMEMBER = False  # until the browser closes; a trusted device spares the second factor alone
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 600
ACCOUNT_LOGIN_BY_CODE_FORMAT = {"numeric": True, "length": 6, "dashed": False}
ACCOUNT_PHONE_VERIFICATION_CODE_FORMAT = ACCOUNT_LOGIN_BY_CODE_FORMAT
ACCOUNT_RATE_LIMITS = {  # per phone and account; by address generously, since a village shares one
    "login": "600/m/ip",
    "login_failed": "200/m/ip,5/300s/key",
    "request_login_code": "200/m/ip,3/m/key",
    "reset_password_from_key": "400/m/ip",
}
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_USER_MODEL_EMAIL_FIELD = "email"
MFA_ADAPTER = "kotacerdas.foundation.parties.adapter.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_FORMS = {
    "activate_totp": "kotacerdas.foundation.parties.forms.SecondFactorForm",
    "authenticate": "kotacerdas.foundation.parties.forms.AppCodeForm",
    "reauthenticate": "kotacerdas.foundation.parties.forms.AppCodeAgainForm",
}
MFA_TOTP_ISSUER = "Kota Cerdas"
MFA_TRUST_ENABLED = True

# --- words ------------------------------------------------------------------------------------
USE_TZ = True
LANGUAGE_CODE = "id"
LANGUAGES = [("id", "Bahasa Indonesia"), ("en", "English")]
LANGUAGE_COOKIE_NAME = "lang"
LOCALE_PATHS = [ROOT / "locale"]

# --- files ------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "kotacerdas.foundation.ui.finders.StylesheetFinder",
]
STATIC_ROOT = VAR / "static"
MEDIA_ROOT = VAR / "files"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "kotacerdas.config.statics.Storage"},
}
WHITENOISE_MAX_AGE = 0 if DEBUG else 60
SPOOL_FOLDER = text("KOTACERDAS_SPOOL") or None  # None: where the system keeps temporary files
MAX_BODY_BYTES = number("KOTACERDAS_MAX_BODY_MB", 12) * 1024 * 1024
MAX_BODY_SECONDS = number("KOTACERDAS_MAX_BODY_SECONDS", 300)
MAX_HELD_BYTES = number("KOTACERDAS_MAX_HELD_MB", 256) * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

# --- safety -----------------------------------------------------------------------------------
RATE_LIMITS = flag("KOTACERDAS_RATE_LIMITS", default=True)
SESSION_ENGINE = "kotacerdas.foundation.parties.sessions"
IDLE_SECONDS = number("KOTACERDAS_IDLE_MINUTES", 30) * 60  # of staff; 0: never signed out for being away
SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PRODUCTION
if PRODUCTION:  # a browser takes these names from this very host over https alone
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "kotacerdas.config.errors.csrf_failure"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = False  # the proxy in front does it; the door itself speaks plain HTTP
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = PRODUCTION
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:", "blob:"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}

# --- messages out -----------------------------------------------------------------------------
SENDERS = {
    "sms": text("KOTACERDAS_SMS_SENDER", "outbox"),
    "email": text("KOTACERDAS_MAIL_SENDER", "outbox"),
}
EMAIL_HOST = text("KOTACERDAS_MAIL_HOST")
EMAIL_PORT = number("KOTACERDAS_MAIL_PORT", 587)
EMAIL_HOST_USER = text("KOTACERDAS_MAIL_USER")
EMAIL_HOST_PASSWORD = text("KOTACERDAS_MAIL_PASSWORD")
EMAIL_USE_TLS = flag("KOTACERDAS_MAIL_TLS", default=True)
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = text("KOTACERDAS_MAIL_FROM", "kotacerdas@localhost")
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if EMAIL_HOST else 'console'}.EmailBackend"
MAIL_DOMAIN = text("KOTACERDAS_MAIL_DOMAIN", "localhost")
SMS_ACCOUNT = text("KOTACERDAS_SMS_ACCOUNT")
SMS_TOKEN = text("KOTACERDAS_SMS_TOKEN")
SMS_SENDER = text("KOTACERDAS_SMS_FROM")

# --- roads ------------------------------------------------------------------------------------
OSRM_URL = text("KOTACERDAS_OSRM_URL")

# --- papers -----------------------------------------------------------------------------------
BSRE_URL = text("KOTACERDAS_BSRE_URL")
BSRE_USER, BSRE_PASSWORD = text("KOTACERDAS_BSRE_USER"), text("KOTACERDAS_BSRE_PASSWORD")

# --- payments ---------------------------------------------------------------------------------
PAYMENT_PROVIDER = text("KOTACERDAS_PAYMENT_PROVIDER", "simulator")
MIDTRANS_SERVER_KEY = text("KOTACERDAS_MIDTRANS_KEY")
MIDTRANS_URL = text("KOTACERDAS_MIDTRANS_URL", "https://api.midtrans.com")
XENDIT_SECRET_KEY = text("KOTACERDAS_XENDIT_KEY")
XENDIT_CALLBACK_TOKEN = text("KOTACERDAS_XENDIT_TOKEN")
XENDIT_URL = text("KOTACERDAS_XENDIT_URL", "https://api.xendit.co")
# --- devices ----------------------------------------------------------------------------------
MQTT: dict[str, Any] = {
    "host": text("KOTACERDAS_MQTT_HOST", "127.0.0.1"),
    "port": number("KOTACERDAS_MQTT_PORT", 1883),
    "tls_port": number("KOTACERDAS_MQTT_TLS_PORT", 8883),
    "certificate": text("KOTACERDAS_MQTT_CERTIFICATE"),
    "key": text("KOTACERDAS_MQTT_KEY"),
    "most_bytes": number("KOTACERDAS_MQTT_MAX_KB", 64) * 1024,
    "most_connections": number("KOTACERDAS_MQTT_CONNECTIONS", 12_000),
}

# --- logs -------------------------------------------------------------------------------------
LOG_FORMAT = text("KOTACERDAS_LOG_FORMAT", "json" if PRODUCTION else "words")
LOGGING_CONFIG = "kotacerdas.config.logs.configure"
LOGGING = {"format": LOG_FORMAT, "level": text("KOTACERDAS_LOG_LEVEL", "INFO")}
