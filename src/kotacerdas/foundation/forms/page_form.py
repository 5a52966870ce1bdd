"""The question of a page as a Django form: it says in words what is missing; the action decides."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django import forms

if TYPE_CHECKING:
    from kotacerdas.foundation.forms.drafts import Draft


class PageForm(forms.Form):
    """One page's part of a draft. Errors found elsewhere (by an action) are put to the same fields."""

    use_required_attribute = False

    def __init__(self, draft: Draft, *, ask: bool = False) -> None:
        values = {name: draft.text(name) for name in self.base_fields}
        super().__init__(values if ask else None, initial=values)
        self.draft = draft

    def put(self, problems: Mapping[str, Any]) -> None:
        """Show problems at their fields; those of fields that stand on another page at the top."""
        self.is_bound = True
        self.data = {name: self.draft.text(name) for name in self.fields}
        self.full_clean()
        for name, words in problems.items():
            known = name if name in self.fields else None
            if str(words) not in [str(one) for one in self.errors.get(known or "__all__", [])]:
                self.add_error(known, str(words))
