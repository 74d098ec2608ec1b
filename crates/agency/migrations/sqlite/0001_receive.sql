-- Definitions as they were published, one row for each that was ever served. A submission that
-- was filled in with an older one is checked against that one.
CREATE TABLE definition (
  number INTEGER PRIMARY KEY,
  digest TEXT NOT NULL UNIQUE,
  form TEXT NOT NULL,
  version TEXT NOT NULL,
  bytes BLOB NOT NULL,
  stored_at TEXT NOT NULL
) STRICT;

CREATE INDEX definition_form ON definition (form, number);

-- What citizens sent, with the agency's receipt for it. Both are one row, so that neither can be
-- without the other. `body` is exactly what arrived.
CREATE TABLE submission (
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  form TEXT NOT NULL,
  version TEXT NOT NULL,
  definition TEXT NOT NULL REFERENCES definition (digest),
  replaces TEXT,
  body BLOB NOT NULL,
  digest TEXT NOT NULL,
  reference TEXT NOT NULL UNIQUE,
  received_at TEXT NOT NULL,
  signature TEXT NOT NULL
) STRICT;

CREATE INDEX submission_form ON submission (form, number);
