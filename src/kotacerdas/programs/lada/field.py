"""Work with goods in the field: labels are bound, and stocktakes are counted."""

from kotacerdas.programs.lada import field_stocktake
from kotacerdas.programs.lada.field_labels import LABEL_FORMS

RECORDS = field_stocktake.RECORDS
FORMS = (*field_stocktake.FORMS, *LABEL_FORMS)
