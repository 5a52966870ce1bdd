"""People, agencies, posts with acting heads, roles and their scopes."""
