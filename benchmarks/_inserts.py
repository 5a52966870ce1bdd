"""The plain inserts that a report's storing is measured by: one table, as many rows as a report writes."""

COUNT = 8  # case, report, assignment, person, party, clock, journal row, message
WORDS = "Ada lubang besar di jalan depan sekolah, sudah dua motor jatuh"
TABLE = (
    "CREATE TABLE bench_insert "
    "(id uuid PRIMARY KEY, number int, words text, more text, at timestamptz DEFAULT now())"
)
INSERT = "INSERT INTO bench_insert (id, number, words, more) VALUES (%s, %s, %s, %s)"
