"""The pages of the register of tanks, and of the three-year round."""
