"""The house on trial: what tests, soak runs and pictures share. Nothing of it runs where the platform serves."""
