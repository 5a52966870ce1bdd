from django.db import migrations

YEARS = range(2020, 2061)


class Migration(migrations.Migration):
    """One sequence of ticket numbers a year: two reports at once never wait for one another's number."""

    dependencies = [("cases", "0001_initial")]
    operations = [
        migrations.RunSQL(f"CREATE SEQUENCE case_number_{year}", f"DROP SEQUENCE case_number_{year}")
        for year in YEARS
    ]
