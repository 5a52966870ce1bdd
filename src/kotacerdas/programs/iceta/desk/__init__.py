"""What the desk shows of a report beyond what every case has."""
