"""The register: search is the page; one good with its ledger; changes that are proposed; labels."""
