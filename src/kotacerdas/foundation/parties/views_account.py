"""Pages of an account over allauth's: codes by SMS for citizens, password and second factor for staff."""

from __future__ import annotations

import time
from typing import Any

from allauth.account.internal.stagekit import clear_login
from allauth.account.stages import LoginByCodeStage, LoginStage
from allauth.account.views import ConfirmLoginCodeView, PasswordChangeView, RequestLoginCodeView
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from kotacerdas.foundation.parties.access import desk
from kotacerdas.foundation.parties.adapter import CODE_TO
from kotacerdas.kernel import phones


class RequestCodeView(RequestLoginCodeView):
    """Asks for a number to send a code to. Coming back here starts again, with the number as it was typed."""

    def get_initial(self) -> dict[str, Any]:
        number, at = self.request.session.get(CODE_TO, ("", 0))
        is_recent = time.time() - at < settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT
        return {"phone": phones.shown(number) if is_recent else ""}

    def form_valid(self, form: Any) -> HttpResponse:
        self.request.session[CODE_TO] = form.cleaned_data["phone"], time.time()
        answer: HttpResponse = super().form_valid(form)
        return answer

    def _redirect_to_pending_stage(
        self, request: HttpRequest, stage: LoginStage
    ) -> HttpResponseRedirect | None:
        if stage.key != LoginByCodeStage.key:
            waiting: HttpResponseRedirect | None = super()._redirect_to_pending_stage(request, stage)
            return waiting
        clear_login(request)
        return None


class ConfirmCodeView(ConfirmLoginCodeView):
    """Asks for the code from the SMS. When it is no longer valid, the page to request a new one says why."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        answer: HttpResponse = super().dispatch(request, *args, **kwargs)
        if getattr(self, "_process", True) is None:
            messages.error(request, _("The code was too old. Ask for a new one."))
        return answer

    def form_invalid(self, form: Any) -> HttpResponse:
        answer: HttpResponse = super().form_invalid(form)
        if answer.status_code == HttpResponseRedirect.status_code:
            messages.error(self.request, _("The code was wrong three times. Ask for a new one."))
        return answer

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        sent_to = phones.shown(self._process.state.get("phone", ""))
        return {**super().get_context_data(**kwargs), "sent_to": sent_to}


class ChangePasswordView(PasswordChangeView):
    """A new password for staff, on to their work."""

    def form_valid(self, form: Any) -> HttpResponse:
        answer: HttpResponse = super().form_valid(form)
        messages.success(self.request, _("The password is changed."))
        return answer

    def get_default_success_url(self) -> str:
        return reverse("desk_home")


request_code = RequestCodeView.as_view()
confirm_code = ConfirmCodeView.as_view()
change_password = desk()(ChangePasswordView.as_view())
