"""The citizens' survey: a sample of those a programme served, nine elements, the index with its margin."""
