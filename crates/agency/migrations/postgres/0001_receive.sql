-- Definitions as they were published, one row for each that was ever served. A submission that
-- was filled in with an older one is checked against that one.
CREATE TABLE definition (
  number BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  digest TEXT NOT NULL UNIQUE,
  form TEXT NOT NULL,
  version TEXT NOT NULL,
  bytes BYTEA NOT NULL,
  stored_at TEXT NOT NULL
);

CREATE INDEX definition_form ON definition (form, number);

-- What citizens sent, with the agency's receipt for it. Both are one row, so that neither can be
-- without the other. `body` is exactly what arrived, `received_at` exactly what was signed.
CREATE TABLE submission (
  number BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  form TEXT NOT NULL,
  version TEXT NOT NULL,
  definition TEXT NOT NULL REFERENCES definition (digest),
  replaces TEXT,
  body BYTEA NOT NULL,
  digest TEXT NOT NULL,
  reference TEXT NOT NULL UNIQUE,
  received_at TEXT NOT NULL,
  signature TEXT NOT NULL
);

CREATE INDEX submission_form ON submission (form, number);

-- The one key that signs receipts, by its thumbprint: a process with another one does not serve.
CREATE TABLE signing_key (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  kid TEXT NOT NULL
);
