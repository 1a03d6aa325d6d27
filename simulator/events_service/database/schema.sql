-- What the events service remembers. Times are epoch milliseconds of the service's clock.
-- The version of this file is in PRAGMA user_version; migrations.py brings older files here.

CREATE TABLE setting (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL               -- JSON
) STRICT, WITHOUT ROWID;

CREATE TABLE provider (
  id TEXT PRIMARY KEY,
  org TEXT NOT NULL,
  metadata TEXT NOT NULL,
  instance TEXT NOT NULL,
  document TEXT NOT NULL,           -- JSON: label, description, …
  UNIQUE (org, metadata, instance)
) STRICT, WITHOUT ROWID;

CREATE TABLE event_metadata (
  provider TEXT NOT NULL REFERENCES provider ON DELETE CASCADE,
  code TEXT NOT NULL,
  document TEXT NOT NULL,           -- JSON: label, description, sample_event_template
  PRIMARY KEY (provider, code)
) STRICT, WITHOUT ROWID;

-- A deleted registration stays: its retries go on, and its journal can be read.
CREATE TABLE registration (
  key INTEGER PRIMARY KEY AUTOINCREMENT,
  registration_id TEXT NOT NULL UNIQUE,
  org TEXT NOT NULL,
  project TEXT NOT NULL,
  workspace TEXT NOT NULL,
  name TEXT NOT NULL,
  client_id TEXT NOT NULL,
  document TEXT NOT NULL,           -- JSON: the other fields of the API
  status TEXT NOT NULL,             -- verified, unstable, hook_unreachable
  unstable_since_ms INTEGER,
  deleted INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE UNIQUE INDEX registration_name ON registration (org, project, workspace, name) WHERE NOT deleted;
CREATE INDEX registration_client ON registration (client_id) WHERE NOT deleted;

-- Which registrations an event goes to.
CREATE TABLE interest (
  provider TEXT NOT NULL,
  code TEXT NOT NULL,
  registration INTEGER NOT NULL REFERENCES registration,
  PRIMARY KEY (provider, code, registration)
) STRICT, WITHOUT ROWID;

CREATE TABLE filter (
  id TEXT PRIMARY KEY,
  registration INTEGER NOT NULL UNIQUE REFERENCES registration,
  name TEXT NOT NULL,
  description TEXT NOT NULL,
  subscriber_filter TEXT NOT NULL   -- JSON text, as it was given
) STRICT, WITHOUT ROWID;

-- A proof that a webhook still owes: a request to the validation URL in time gives it.
CREATE TABLE validation (
  registration INTEGER PRIMARY KEY REFERENCES registration,
  challenge TEXT NOT NULL,
  expires_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE event (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  event_id TEXT NOT NULL,
  provider TEXT NOT NULL,
  code TEXT NOT NULL,
  at_ms INTEGER NOT NULL,
  member TEXT NOT NULL,             -- where the envelope keeps the content: event, messages, cloud_event
  content TEXT NOT NULL,            -- JSON
  envelope TEXT                     -- JSON: how its producer writes the members around it, if not as usual
) STRICT;
CREATE INDEX event_id ON event (event_id);
CREATE INDEX event_at ON event (at_ms);

-- The journal of each registration, in order of seq.
CREATE TABLE entry (
  registration INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  PRIMARY KEY (registration, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX entry_seq ON entry (seq);

-- What links in notifications lead to, for instance flow runs, as the latest of them has it.
CREATE TABLE entity (
  family TEXT NOT NULL,
  id TEXT NOT NULL,
  seq INTEGER NOT NULL,             -- of the event
  document TEXT NOT NULL,           -- JSON
  PRIMARY KEY (family, id)
) STRICT;
CREATE INDEX entity_of ON entity (family, seq);
CREATE INDEX entity_seq ON entity (seq);

-- By which further names an entity is found, for instance by the id of its flow.
CREATE TABLE entity_key (
  family TEXT NOT NULL,
  id TEXT NOT NULL,
  seq INTEGER NOT NULL,             -- that of the entity
  kind TEXT NOT NULL,
  key TEXT NOT NULL,
  PRIMARY KEY (family, id, kind),
  FOREIGN KEY (family, id) REFERENCES entity ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX entity_key_of ON entity_key (family, kind, key, seq);

-- The newest entry of each journal that was deleted: who has not read it has lost something.
CREATE TABLE expired (
  registration INTEGER PRIMARY KEY,
  seq INTEGER NOT NULL,
  event_id TEXT NOT NULL,
  at_ms INTEGER NOT NULL
) STRICT;

-- Deliveries under way, and for a week those that ended. Rows that travel together share batch:
-- they are one delivery, which has the number of the first of them.
CREATE TABLE delivery (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  registration INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  due_ms INTEGER,                   -- when the next attempt is due; NULL if it has ended
  attempt INTEGER NOT NULL,         -- the number of the next attempt, from 1; at the end: the last
  begun_ms INTEGER,                 -- when the first attempt began, if there was a second
  batch INTEGER,                    -- the number of the batch's first delivery
  redelivered INTEGER NOT NULL DEFAULT 0,  -- 1 if the user had the event delivered again
  at_ms INTEGER NOT NULL,           -- when it was added
  wall_ms INTEGER,                  -- the real time then
  faults TEXT,                      -- JSON: name and argument of each fault that acts on it
  ending TEXT                       -- delivered or dropped; NULL while it is under way
) STRICT;
CREATE INDEX delivery_due ON delivery (due_ms, number, registration) WHERE due_ms IS NOT NULL;
CREATE INDEX delivery_batch ON delivery (batch) WHERE batch IS NOT NULL;
CREATE INDEX delivery_of ON delivery (registration);
CREATE INDEX delivery_seq ON delivery (seq);

-- Every attempt, in few words.
CREATE TABLE attempt (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  registration INTEGER NOT NULL,
  event_id TEXT NOT NULL,           -- of the first event
  delivery_id TEXT NOT NULL,
  attempt INTEGER NOT NULL,
  at_ms INTEGER NOT NULL,
  status_code INTEGER NOT NULL,
  elapsed_ms REAL NOT NULL,
  outcome TEXT NOT NULL,            -- delivered, retry, dropped
  cause TEXT,                       -- why there was no answer, or none that can be read
  delivery INTEGER,                 -- the number of the delivery, of a batch its first
  wall_ms INTEGER                   -- the real time when it was written here
) STRICT;
CREATE INDEX attempt_at ON attempt (at_ms);
CREATE INDEX attempt_event ON attempt (event_id);
CREATE INDEX attempt_of ON attempt (registration, number);
CREATE INDEX attempt_delivery ON attempt (delivery) WHERE delivery IS NOT NULL;
CREATE INDEX attempt_id ON attempt (delivery_id);

-- Requests and answers: the last hundred of each kind.
CREATE TABLE trace (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  registration INTEGER NOT NULL,
  succeeded INTEGER NOT NULL,
  at_ms INTEGER NOT NULL,
  document TEXT NOT NULL            -- JSON, as debug tracing prints it
) STRICT;
CREATE INDEX trace_kept ON trace (registration, succeeded, number);
CREATE INDEX trace_at ON trace (at_ms);

-- How attempts went, minute by minute: what the status of a registration is judged by.
CREATE TABLE tally (
  registration INTEGER NOT NULL,
  minute INTEGER NOT NULL,
  succeeded INTEGER NOT NULL,
  failed INTEGER NOT NULL,
  PRIMARY KEY (registration, minute)
) STRICT, WITHOUT ROWID;
CREATE INDEX tally_minute ON tally (minute);

CREATE TABLE token (
  hash TEXT PRIMARY KEY,            -- SHA-256 of the token
  client_id TEXT NOT NULL,
  expires_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- What happened to registrations, in words.
CREATE TABLE note (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  registration_id TEXT NOT NULL,    -- empty if it happened to all
  name TEXT NOT NULL,
  kind TEXT NOT NULL,               -- created, changed, deleted, challenge, status
  at_ms INTEGER NOT NULL,
  text TEXT NOT NULL
) STRICT;
CREATE INDEX note_of ON note (registration_id, at_ms);
CREATE INDEX note_at ON note (at_ms);

-- What Adobe's Node SDK keeps in the state store of App Builder.
CREATE TABLE state (
  namespace TEXT NOT NULL,
  key TEXT NOT NULL,
  value BLOB NOT NULL,
  expires_ms INTEGER NOT NULL,
  PRIMARY KEY (namespace, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX state_expires ON state (expires_ms);
