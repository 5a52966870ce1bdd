"""Work in the field: the operator's day, questions about a trip, and the survey of tanks."""

from kotacerdas.programs.gopal import field_day, field_differences, field_forms
from kotacerdas.programs.gopal.tank_survey import TANK_FORMS, TANK_RECORDS

RECORDS = (*field_day.RECORDS, *field_differences.RECORDS, TANK_RECORDS)
FORMS = (*field_forms.FORMS, *field_differences.FORMS, *TANK_FORMS)
