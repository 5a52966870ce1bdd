"""Work with goods in the field."""

from kotacerdas.programs.lada.field_labels import LABEL_FORMS

FORMS = (*LABEL_FORMS,)
