from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("sync", "0002_survey_records")]

    operations = [
        migrations.AddField(
            model_name="surveyrecord", name="field_times", field=models.JSONField(default=dict)
        ),
    ]
