from django.db import migrations

from kotacerdas.foundation.parties.adapter import MFA_LABEL, MFA_ROW
from kotacerdas.kernel.keyring import keyring

SECRETS = ("secret", "seed")


def seal_second_factors(apps, schema_editor):
    """Secrets and recovery seeds were stored as they are; a second run leaves sealed ones alone."""
    ring = keyring()
    for one in apps.get_model("mfa", "Authenticator").objects.filter(type__in=("totp", "recovery_codes")):
        data = dict(one.data)
        for name in SECRETS:
            if data.get(name) and not data[name].startswith(f"{ring.current}."):
                data[name] = ring.seal(MFA_LABEL, MFA_ROW, data[name])
        codes = data.get("migrated_codes")
        if codes:
            data["migrated_codes"] = [ring.seal(MFA_LABEL, MFA_ROW, code) for code in codes]
        one.data = data
        one.save(update_fields=["data"])


class Migration(migrations.Migration):
    """Sessions of before hold numbers and codes in readable form: everybody signs in once more."""

    dependencies = [
        ("parties", "0005_attempts"),
        ("sessions", "0001_initial"),
        ("mfa", "0003_authenticator_type_uniq"),
    ]

    operations = [
        migrations.RunSQL("DELETE FROM django_session", reverse_sql=migrations.RunSQL.noop),
        migrations.RunPython(seal_second_factors, migrations.RunPython.noop),
    ]
