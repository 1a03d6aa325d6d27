-- From version 5 to 6: deliveries that end stay for a week, and attempts name their delivery.

DROP INDEX delivery_due;
DROP INDEX delivery_batch;
DROP INDEX delivery_of;
ALTER TABLE delivery RENAME TO delivery_under_way;

CREATE TABLE delivery (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  registration INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  due_ms INTEGER,
  attempt INTEGER NOT NULL,
  begun_ms INTEGER,
  batch INTEGER,
  redelivered INTEGER NOT NULL DEFAULT 0,
  at_ms INTEGER NOT NULL,
  wall_ms INTEGER,
  faults TEXT,
  ending TEXT
) STRICT;
CREATE INDEX delivery_due ON delivery (due_ms, number, registration) WHERE due_ms IS NOT NULL;
CREATE INDEX delivery_batch ON delivery (batch) WHERE batch IS NOT NULL;
CREATE INDEX delivery_of ON delivery (registration);
CREATE INDEX delivery_seq ON delivery (seq);

INSERT INTO delivery
  SELECT number, registration, seq, due_ms, attempt, begun_ms, batch, redelivered,
    coalesce(begun_ms, due_ms), NULL, NULL, NULL
  FROM delivery_under_way ORDER BY number;
DELETE FROM sqlite_sequence WHERE name = 'delivery';
INSERT INTO sqlite_sequence
  SELECT 'delivery', seq FROM sqlite_sequence WHERE name = 'delivery_under_way';
DROP TABLE delivery_under_way;

ALTER TABLE attempt ADD COLUMN delivery INTEGER;
ALTER TABLE attempt ADD COLUMN wall_ms INTEGER;
CREATE INDEX attempt_delivery ON attempt (delivery) WHERE delivery IS NOT NULL;
CREATE INDEX attempt_id ON attempt (delivery_id);

-- What was attempted before and is still under way: its attempts have its event and its moment.
UPDATE attempt SET delivery = own.number
  FROM delivery AS own JOIN event USING (seq)
  WHERE own.begun_ms IS NOT NULL AND (own.batch IS NULL OR own.batch = own.number)
    AND attempt.event_id = event.event_id AND attempt.registration = own.registration
    AND attempt.at_ms >= own.begun_ms AND attempt.attempt < own.attempt;
