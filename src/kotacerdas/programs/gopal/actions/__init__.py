"""Everything that writes: orders, tanks, the three-year round, work in the field, manifests and differences."""
