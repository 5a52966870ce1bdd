"""Errors as answers: a page for people, JSON for machines, plain words where no template is found."""

from __future__ import annotations

import sys

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.template import TemplateDoesNotExist
from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kotacerdas.config import expired, outage
from kotacerdas.foundation.commands.posted import KEPT_HERE
from kotacerdas.foundation.parties.limits import too_often
from kotacerdas.kernel.errors import Invalid, KotaError, Missing, Refused, TooMany, Unavailable
from kotacerdas.kernel.regency import regency

AWAY_SECONDS = 30
_MACHINES = ("/api/", "/open311/", "/live/", "/sensorthings/")


def answer(
    request: HttpRequest, error: KotaError, template: str = "kotacerdas/errors/error.html"
) -> HttpResponse:
    """The response for an error: its status, its words, its way out."""
    if request.path.startswith(_MACHINES):
        response: HttpResponse = JsonResponse(_as_json(error), status=error.status)
    else:
        response = HttpResponse(_page(request, error, template), status=error.status)
    if isinstance(error, (TooMany, Unavailable)) and error.retry_after:
        response.headers["Retry-After"] = str(error.retry_after)
    response.headers["Cache-Control"] = "no-store"
    return response


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's handler404."""
    error = Missing(
        _("There is no such page."), remedy=_("Check the address, or start again from the front page.")
    )
    return answer(request, error, "kotacerdas/errors/404.html")


def refused(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's handler403."""
    return answer(request, Refused(_("You may not do this here."), remedy=_("Sign in with another account.")))


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Django's handler400, and what cannot be stored as text."""
    error = Invalid(_("The request could not be read."), remedy=_("Go back and try once more."))
    error.status = 400
    return answer(request, error)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that came without its token: its session changed since (see `expired`), or cookies are switched off."""
    if (sent := expired.again(request)) is not None:
        return _sent_by_an_old_page(request, sent)
    error = Refused(
        _("This form has expired, so nothing was sent."),
        remedy=_("Go back, reload the page and send it again. Cookies must be allowed."),
        code="form_expired",
    )
    return answer(request, error)


def _sent_by_an_old_page(request: HttpRequest, sent: expired.Again) -> HttpResponse:
    """The form once more with a new token; a form with secrets is opened empty, since no page repeats these."""
    if sent.is_to_be_opened_anew:
        return _never_stored(HttpResponseRedirect(sent.url))
    why = _(
        "You signed in or out in another tab since this page was opened. Look at what you typed, and send it again."
    )
    if not sent.typed:
        why = _("You signed in or out in another tab since this page was opened. Send it again to go on.")
    if settings.CSRF_COOKIE_NAME not in request.COOKIES:
        why = _("Cookies must be allowed here. Look at what you typed, and send it again.")
    error = Refused(_("What you sent has not been done yet."), remedy=why, code="form_expired")
    page = _page(request, error, "config/expired.html", again=sent)
    return _never_stored(HttpResponse(page, status=error.status))


def signed_out(request: HttpRequest, to_sign_in: HttpResponse) -> HttpResponse:
    """A form with words that somebody sent who is signed out by now: shown again, to be sent after signing in in
    another tab. Without words, from elsewhere, or where a script keeps the words, the sign-in page as ever.
    """
    sent = None if request.POST.get(KEPT_HERE) else expired.again(request)
    if sent is None or not sent.typed:
        return to_sign_in
    error = Refused(
        _("You are signed out, so what you sent has not been done."),
        remedy=_("Sign in in another tab, then come back to this page and send it again."),
        code="signed_out",
    )
    page = _page(
        request, error, "config/expired.html", again=sent, sign_in_url=to_sign_in.headers["Location"]
    )
    return _never_stored(HttpResponse(page, status=error.status))


def _never_stored(response: HttpResponse) -> HttpResponse:
    response.headers["Cache-Control"] = "no-store"
    return response


def wrong_method(request: HttpRequest, bare: HttpResponse) -> HttpResponse:
    """In place of Django's empty 405: a form's address opened by hand, or reached by going back."""
    error = KotaError(
        _("This address only takes what a form sends."),
        remedy=_("Open the page with the form, or start from the front page."),
    )
    error.status = 405
    response = answer(request, error)
    response.headers["Allow"] = bare.headers.get("Allow", "")
    return response


def too_many(request: HttpRequest) -> HttpResponse:
    """For limits that are not our own: allauth's, which let one in again within a minute."""
    return answer(request, too_often(60))


def away(request: HttpRequest) -> HttpResponse:
    """The store does not answer: nothing that is asked of it may stand on this page."""
    error = Unavailable(
        _("Our service is out for a moment."),
        remedy=_(
            "What you sent just now may not be stored. Wait a minute, then load the page again; "
            "if somebody is in danger, call instead."
        ),
        code="store_away",
        retry_after=AWAY_SECONDS,
    )
    if request.path.startswith(_MACHINES):
        response: HttpResponse = JsonResponse(_as_json(error), status=error.status)
    else:
        words = {
            "heading": error.message,
            "lead": error.remedy,
            "numbers": _emergency_numbers(),
            "request_id": getattr(request, "id", ""),
        }
        response = HttpResponse(render_to_string("kotacerdas/errors/500.html", words), status=error.status)
    response.headers["Retry-After"] = str(error.retry_after)
    response.headers["Cache-Control"] = "no-store"
    response._has_been_logged = True  # type: ignore[attr-defined]  # once a while is enough: see `outage.py`
    return response


def broken(request: HttpRequest) -> HttpResponse:
    """Django's handler500: something of ours failed; it is in the log under the request's id."""
    if outage.is_one(sys.exc_info()[1]):
        return away(request)
    error = KotaError(
        _("Something on our side failed."),
        remedy=_("Try again in a moment. If it stays, tell us the number on this page."),
    )
    return answer(request, error, "kotacerdas/errors/500.html")


def _emergency_numbers() -> list[str]:
    """As the pack's file has them, which needs no store."""
    try:
        name = f"name_{get_language() or 'id'}"
        return [f"{one.number} {getattr(one, name, one.name_id)}" for one in regency().emergency_numbers]
    except Exception:  # a pack that cannot be read is no reason to say nothing
        return []


def _as_json(error: KotaError) -> dict[str, object]:
    body: dict[str, object] = {
        "code": error.code,
        "message": str(error.message),
        "remedy": str(error.remedy),
    }
    if isinstance(error, Invalid) and error.fields:
        body["fields"] = {name: str(words) for name, words in error.fields.items()}
    return {"error": body}


def _is_desk(request: HttpRequest, error: KotaError) -> bool:
    """Whether staff read it at a desk. Where something broke, the plain frame is the safe one."""
    is_staff = getattr(getattr(request, "user", None), "is_staff", False)
    return is_staff and request.path.startswith("/desk/") and error.status < KotaError.status


def _at_desk() -> dict[str, object]:
    way = {"url": "/desk/", "icon": "inbox", "label": _("To your work")}
    return {"error_base": "kotacerdas/base_desk.html", "way_out": way}


def _came_from(request: HttpRequest) -> str:
    """The page of ours on which it was pressed, as the browser tells; "" where it tells of none."""
    referrer = request.headers.get("Referer", "")
    ours = url_has_allowed_host_and_scheme(referrer, {request.get_host()}, require_https=request.is_secure())
    return referrer if ours else ""


def _page(request: HttpRequest, error: KotaError, template: str, **more: object) -> str:
    words = {
        "error": error,
        "status": error.status,
        "message": error.message,
        "remedy": error.remedy,
        "fields": getattr(error, "fields", {}),
        "request_id": getattr(request, "id", ""),
        **(_at_desk() if _is_desk(request, error) else {}),
        "back_url": _came_from(request) if isinstance(error, TooMany) else "",
        **more,
    }
    for name in (template, "kotacerdas/errors/error.html"):
        try:
            return render_to_string(name, words, request=request)
        except TemplateDoesNotExist:
            continue
    return (
        f"<!doctype html><meta charset=utf-8><title>{error.status}</title>"
        f"<h1>{escape(str(error.message))}</h1><p>{escape(str(error.remedy))}</p><p><a href='/'>{_('Front page')}</a></p>"
    )
