"""Adapters for allauth: citizens sign in by phone number, codes go by our own messages, nobody signs up as staff."""

from __future__ import annotations

import time
from typing import Any
from uuid import UUID

import structlog
from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.account.internal.stagekit import clear_login
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from django import forms
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext_lazy as _

from kotacerdas.foundation.journal.actions import append
from kotacerdas.foundation.notify.codes import send_code
from kotacerdas.foundation.parties.limits import counted_as
from kotacerdas.foundation.parties.models import Person, User, phone_index
from kotacerdas.foundation.parties.people import contact_made, contact_used
from kotacerdas.foundation.ui.fields import PhoneField
from kotacerdas.kernel import ids, phones
from kotacerdas.kernel.errors import Conflict
from kotacerdas.kernel.keyring import keyring

BEGUN = "sign_in_begun"  # in the session: the account's fingerprint when the sign-in began

MFA_LABEL, MFA_ROW = "parties.second_factor", UUID(int=0)  # allauth names no row when it seals
ACTED_AT = "acted_at"  # in the session: when its owner last did something (`presence.py`)
CODE_TO = "code_to"  # in the session until the sign-in: the number that was typed, and when

log = structlog.get_logger(__name__)


class AccountAdapter(DefaultAccountAdapter):
    """Adapter for accounts: phone numbers are sealed on the user; a citizen's account is made with the first code."""

    error_messages = {  # allauth's words that name no way out
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": _(
            "The user name or the password is wrong. Capital letters count in the password."
        ),
        "too_many_login_attempts": _("Too many tries in a short time. Wait five minutes, then try again."),
        "incorrect_code": _("This code is wrong. Type the newest one."),
        "enter_current_password": _("This password is wrong. Capital letters count."),
        "incorrect_password": _("This password is wrong. Capital letters count."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        return counted_as(request) or "unknown"

    def phone_form_field(self, **kwargs: Any) -> forms.Field:
        return PhoneField(**kwargs)

    def clean_phone(self, phone: str) -> str:
        return phones.normal(phone)

    def get_phone(self, user: User) -> tuple[str, bool] | None:
        return (user.phone, True) if user.phone_sealed else None

    def set_phone(self, user: User, phone: str, verified: bool) -> None:
        user.set_phone(phone)
        user.save(update_fields=["phone_sealed", "phone_index"])

    def set_phone_verified(self, user: User, phone: str) -> None:
        self.set_phone(user, phone, True)

    def get_user_by_phone(self, phone: str) -> User | None:
        """Citizens only: staff sign in by password and second factor."""
        return User.objects.filter(phone_index=phone_index(phone), is_staff=False, is_active=True).first()

    def send_verification_code_sms(self, user: User, phone: str, code: str, **kwargs: Any) -> None:
        send_code(phone=phones.normal(phone), code=code)

    def send_unknown_account_sms(self, phone: str, **kwargs: Any) -> None:
        """Does nothing: an account is made when a code is requested."""

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Count wrong passwords by account *and* address (see `counted_as`), so that a stranger locks nobody out.

        The Host that a client names is no part of it. There is no ceiling over all addresses: whoever filled it would shut the account's owner out, who comes from
        new addresses too. Guessing from many is left to the length of passwords and the second factor.
        """
        login = str(credentials.get("username") or credentials.get("phone") or credentials.get("email") or "")
        return f"{login.lower()}:{counted_as(request)}"

    def pre_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse | None:
        if settings.PRODUCTION and user.is_demo:  # its password is printed
            raise ImmediateHttpResponse(HttpResponseRedirect(reverse("account_inactive")))
        request.session[BEGUN] = user.get_session_auth_hash()
        answer: HttpResponse | None = super().pre_login(request, user, **kwargs)
        return answer

    def login(self, request: HttpRequest, user: User) -> None:
        """Sign in, unless the account was renewed after this sign-in began."""
        now, begun = User.objects.get(pk=user.pk), request.session.pop(BEGUN, "")
        if not now.is_active or not constant_time_compare(begun, now.get_session_auth_hash()):
            clear_login(request)
            raise ImmediateHttpResponse(HttpResponseRedirect(reverse("account_login")))
        super().login(request, user)
        request.session[ACTED_AT] = time.time()
        log.info("signed_in", user=str(user.pk), address=counted_as(request), is_staff=user.is_staff)
        if user.is_staff:
            methods = [str(one["method"]) for one in get_authentication_records(request, user)]
            with transaction.atomic():
                append(
                    verb="parties.account.sign_in",
                    subject=("user", user.pk),
                    actor=f"user:{user.pk}",
                    codes={"by": "+".join(methods)},
                )

    def logout(self, request: HttpRequest) -> None:
        log.info("signed_out", user=str(request.user.pk or ""))
        super().logout(request)

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Write a failed sign-in to the log, with the account where there is one."""
        name = str(credentials.get("username") or "")
        user = User.objects.filter(username=name).values_list("id", flat=True).first() if name else None
        log.warning("sign_in_failed", user=str(user or ""), address=counted_as(request))

    def set_password(self, user: User, password: str) -> None:
        """Replace the password that was set when the page was opened; of two changes at once, one wins.

        Raises Conflict where it was changed, or the account closed or renewed, meanwhile.
        """
        with transaction.atomic():
            now = User.objects.select_for_update().get(pk=user.pk)
            if not now.is_active or now.password != user.password:
                raise Conflict(
                    _("The password was changed meanwhile, or the account closed. Nothing was stored."),
                    remedy=_("Try to sign in; else ask whoever runs the platform for a new link."),
                )
            user.set_password(password)
            user.save(update_fields=["password"])

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        request.session.pop(CODE_TO, None)
        if not user.is_staff and user.phone_sealed:
            link_person(user)
        response: HttpResponse = super().post_login(request, user, **kwargs)
        return response

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """The page after signing in: staff go to their desk, citizens to their own reports."""
        if getattr(request.user, "is_staff", False):
            return str(super().get_login_redirect_url(request))
        return str(resolve_url(settings.CITIZEN_LOGIN_REDIRECT_URL))

    def is_reauthentication_required(self, *, app: str) -> bool:
        """Whether the password must be typed again; not after a sign-in in the last minutes."""
        request = context.request
        done = get_authentication_records(request, request.user)
        return not done or time.time() - float(done[-1]["at"]) > app_settings.REAUTHENTICATION_TIMEOUT

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Shows no message: the next page says enough."""


class SecondFactorAdapter(DefaultMFAAdapter):
    """Adapter for second factors: their secrets are stored sealed; and the error text for a wrong code."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _(
            "This code does not fit. Type the app's newest one; the phone's time must be right. "
            "A backup code works once."
        ),
    }

    def encrypt(self, text: str) -> str:
        return keyring().seal(MFA_LABEL, MFA_ROW, text)

    def decrypt(self, encrypted_text: str) -> str:
        return keyring().open(MFA_LABEL, MFA_ROW, encrypted_text)


def citizen_for(phone: str) -> User:
    """The citizen's account of a number, made when it is new. The code that follows proves the number."""
    number = phones.normal(phone)
    with transaction.atomic():
        known = User.objects.filter(phone_index=phone_index(number), is_staff=False).first()
        if known is not None:
            return known
        identifier: UUID = ids.new_id()
        user = User(id=identifier, username=f"w-{identifier.hex}", name="")
        user.set_unusable_password()
        user.set_phone(number)
        user.save(force_insert=True)
        return user


def link_person(user: User) -> Person:
    """The person of a citizen's account, whose number is used now; a new one where it may have got a new holder."""
    with transaction.atomic():
        contact = contact_made(phone=user.phone)
        known = Person.objects.select_for_update().filter(user=user).first()
        if contact is not None and contact_used(contact) and known is not None:
            Person.objects.filter(id=known.id).update(user=None)
            known = None
        return known or Person.objects.create(user=user)
