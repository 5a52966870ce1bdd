"""Work in the field: the survey of tanks."""

from kotacerdas.programs.gopal.tank_survey import TANK_FORMS, TANK_RECORDS

RECORDS = (TANK_RECORDS,)
FORMS = (*TANK_FORMS,)
