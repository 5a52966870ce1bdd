"""Who acts: people, agencies, positions with acting heads, roles and their scopes."""
