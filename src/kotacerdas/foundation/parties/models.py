"""Users, agencies, positions and who holds them, memberships, people, and how they are reached."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kotacerdas.foundation.parties.secrets import keyring
from kotacerdas.kernel import clock, ids, phones
from kotacerdas.kernel.texts import clean_line

CONTACT_LABEL = "parties.person.phone"  # under which the first numbers were sealed


class User(AbstractBaseUser):
    """Somebody who signs in: staff by user name and password, citizens by phone and one-time code."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    username = models.CharField(_("user name"), max_length=80, unique=True)
    name = models.CharField(_("name"), max_length=120)
    email = models.EmailField(_("e-mail address"), blank=True)
    phone_sealed = models.TextField(blank=True)
    phone_index = models.CharField(max_length=64, blank=True, db_index=True)
    language = models.CharField(max_length=8, blank=True)
    is_staff = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    is_demo = models.BooleanField(default=False)
    date_joined = models.DateTimeField(default=clock.now)

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    is_superuser = False
    objects = BaseUserManager()

    def __str__(self) -> str:
        return self.name

    @property
    def phone(self) -> str:
        """The phone number in stored form (`+62…`), opened; "" when none."""
        return keyring().open("parties.user.phone", self.id, self.phone_sealed)

    def set_phone(self, text: str) -> None:
        """Seal a number and its blind index; does not save."""
        number = phones.normal(text)
        self.phone_sealed = keyring().seal("parties.user.phone", self.id, number)
        self.phone_index = keyring().blind("phone", number)

    def get_full_name(self) -> str:
        return self.name

    def has_perm(self, perm: str, obj: object = None) -> bool:
        """Django's own permissions are not used: see `grants`."""
        return False

    def has_module_perms(self, app_label: str) -> bool:
        return False


class Agency(models.Model):
    """A *perangkat daerah*: department, district office, clinic, hospital or regional company.

    `from_pack` says that the pack brought it: a load closes no other.
    """

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    code = models.CharField(max_length=40, unique=True)
    kind = models.CharField(max_length=24)
    name = models.CharField(max_length=160)
    short_name = models.CharField(max_length=60)
    area_code = models.CharField(max_length=16, blank=True)
    phone = models.CharField(max_length=24, blank=True)
    basis = models.CharField(max_length=200, blank=True)
    closed_on = models.DateField(null=True, blank=True)
    from_pack = models.BooleanField(default=False, db_default=False)

    class Meta:
        ordering = ("short_name",)
        verbose_name = _("agency")
        verbose_name_plural = _("agencies")

    def __str__(self) -> str:
        return self.short_name


class Position(models.Model):
    """A post in an agency. Work belongs to posts; people come and go. `from_pack` as of its agency."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="positions")
    code = models.CharField(max_length=40)
    title_id = models.CharField(max_length=120)
    title_en = models.CharField(max_length=120)
    roles = models.JSONField(default=list, help_text="names of declared roles that come with the post")
    closed_on = models.DateField(null=True, blank=True)
    from_pack = models.BooleanField(default=False, db_default=False)

    class Meta:
        ordering = ("agency__code", "code")
        constraints = (models.UniqueConstraint(fields=("agency", "code"), name="one_position_per_code"),)

    def __str__(self) -> str:
        return f"{self.title_id} · {self.agency.short_name}"


class HoldingQuerySet(models.QuerySet["Holding"]):
    def on(self, day: date) -> HoldingQuerySet:
        """Holdings in force on a local day; both ends count."""
        return self.filter(Q(until=None) | Q(until__gte=day), since__lte=day)


class Holding(models.Model):
    """Who holds a post from when to when; `acting` is Plt (no holder) or Plh (holder away)."""

    class Acting(models.TextChoices):
        SUBSTANTIVE = "", _("holder")
        PLT = "plt", "Plt"
        PLH = "plh", "Plh"

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    position = models.ForeignKey(Position, on_delete=models.PROTECT, related_name="holdings")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="holdings")
    acting = models.CharField(max_length=3, blank=True, choices=Acting)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    basis = models.CharField(max_length=200, blank=True, help_text="decree or order")

    objects = HoldingQuerySet.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=models.F("since")), name="holding_ends_after_start"
            ),
        )

    def __str__(self) -> str:
        return f"{self.user} {self.acting} {self.position}"


class Membership(models.Model):
    """A declared role given to a person directly, within an agency, an area, or everywhere."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=40)
    agency = models.ForeignKey(Agency, null=True, blank=True, on_delete=models.PROTECT)
    area_code = models.CharField(max_length=16, blank=True)
    since = models.DateField(default=clock.today)
    until = models.DateField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.role} {self.user}"


class ContactPoint(models.Model):
    """A way to reach somebody: a telephone number or an e-mail address. It says nothing of who they are.

    `last_used_at` is when its holder last showed to have it (called from it, signed in with it, opened a link sent to
    it). Numbers are given to others after a while: `held_since` is the first use after 90 days without one.
    """

    class Kind(models.TextChoices):
        PHONE = "phone", _("phone")
        EMAIL = "email", _("e-mail address")

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    kind = models.CharField(max_length=8, choices=Kind)
    index = models.CharField(max_length=64)
    sealed = models.TextField()
    last_used_at = models.DateTimeField(default=clock.now)
    held_since = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("kind", "index"), name="one_contact_point_per_address"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"

    @property
    def value(self) -> str:
        """The number in stored form (`+62…`), or the address. Show it masked unless a purpose is journaled."""
        return keyring().open(CONTACT_LABEL, self.id, self.sealed)

    @property
    def phone(self) -> str:
        return self.value if self.kind == self.Kind.PHONE else ""

    @property
    def email(self) -> str:
        return self.value if self.kind == self.Kind.EMAIL else ""

    @property
    def phone_masked(self) -> str:
        return phones.masked(self.value) if self.kind == self.Kind.PHONE else ""

    def set_value(self, value: str) -> None:
        """Seal a number in stored form, or an address; does not save."""
        self.sealed = keyring().seal(CONTACT_LABEL, self.id, value)
        self.index = phone_index(value) if self.kind == self.Kind.PHONE else email_index(value)


class Person(models.Model):
    """Somebody whom a case concerns, with or without an account. How they are reached stands with each party.

    `same_as` points to the person that a desk found this one to be; taking it away parts them again.
    """

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    user = models.OneToOneField(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="person")
    same_as = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged_people"
    )
    name_sealed = models.TextField(blank=True)
    email_sealed = models.TextField(blank=True)
    last_area_code = models.CharField(max_length=16, blank=True)
    created_at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return f"person {self.id}"

    @property
    def name(self) -> str:
        return keyring().open("parties.person.name", self.id, self.name_sealed)

    @property
    def email(self) -> str:
        return keyring().open("parties.person.email", self.id, self.email_sealed)

    def set_name(self, text: str) -> None:
        self.name_sealed = keyring().seal("parties.person.name", self.id, clean_line(text))

    def set_email(self, text: str) -> None:
        self.email_sealed = keyring().seal("parties.person.email", self.id, text.strip())


def phone_index(text: str) -> str:
    """The blind index under which a number is found; "" for what is no number."""
    return keyring().blind("phone", phones.normal(text))


def email_index(text: str) -> str:
    """The blind index under which an e-mail address is found; "" for none."""
    return keyring().blind("email", text.strip().lower())
