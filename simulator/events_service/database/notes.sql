-- Notes of what happens to registrations stay; there are none of older versions.

CREATE TABLE IF NOT EXISTS note (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  registration_id TEXT NOT NULL,
  name TEXT NOT NULL,
  kind TEXT NOT NULL,
  at_ms INTEGER NOT NULL,
  text TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS note_of ON note (registration_id, at_ms);
CREATE INDEX IF NOT EXISTS note_at ON note (at_ms);
