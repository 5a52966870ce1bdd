"""Work in the field: the operator's day, and the survey of tanks."""

from kotacerdas.programs.gopal import field_day, field_forms
from kotacerdas.programs.gopal.tank_survey import TANK_FORMS, TANK_RECORDS

RECORDS = (*field_day.RECORDS, TANK_RECORDS)
FORMS = (*field_forms.FORMS, *TANK_FORMS)
