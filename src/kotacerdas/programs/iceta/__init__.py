"""ICeta (Indramayu Cepat Tanggap in the first pack): reports of citizens and emergencies."""
