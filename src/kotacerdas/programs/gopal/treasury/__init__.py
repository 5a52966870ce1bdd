"""The treasurer's day: trips, manifests, litres and rupiah meet, or differ by name."""
