"""Database rights on goods: the serving role may add to the ledger, never change it."""

INSERT_ONLY = ("lada_event", "lada_period", "lada_depreciation")
READ_ONLY = ("lada_goodscode", "lada_liferule", "lada_overhaulband", "lada_threshold", "lada_workunit")
