-- From version 3 to 4: the runs of flows become entities of their family, found by their keys.

CREATE TABLE entity (
  family TEXT NOT NULL,
  id TEXT NOT NULL,
  seq INTEGER NOT NULL,
  document TEXT NOT NULL,
  PRIMARY KEY (family, id)
) STRICT;
CREATE INDEX entity_of ON entity (family, seq);
CREATE INDEX entity_seq ON entity (seq);

CREATE TABLE entity_key (
  family TEXT NOT NULL,
  id TEXT NOT NULL,
  seq INTEGER NOT NULL,
  kind TEXT NOT NULL,
  key TEXT NOT NULL,
  PRIMARY KEY (family, id, kind),
  FOREIGN KEY (family, id) REFERENCES entity ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX entity_key_of ON entity_key (family, kind, key, seq);

INSERT INTO entity
  SELECT 'flow_run', run_id, seq, document FROM flow_run ORDER BY rowid;
INSERT INTO entity_key
  SELECT 'flow_run', run_id, seq, 'flow', flow_id FROM flow_run;
INSERT INTO entity_key
  SELECT 'flow_run', run_id, seq, 'batch', batch_id FROM flow_run WHERE batch_id IS NOT NULL;
DROP TABLE flow_run;
