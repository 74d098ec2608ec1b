-- Files that arrive before the submission that names them, in pieces. `arrived` counts the bytes that
-- are here; once it is `length` and they are the file of this `sha256`, `object` is the name of the whole.
-- `tries` counts how often it was begun anew. One that a submission has claimed never `expires` (in
-- seconds since 1970).
CREATE TABLE upload (
  id TEXT PRIMARY KEY,
  submission TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  length INTEGER NOT NULL,
  definition TEXT NOT NULL,
  arrived INTEGER NOT NULL,
  tries INTEGER NOT NULL,
  object TEXT UNIQUE,
  claimed INTEGER NOT NULL,
  expires INTEGER NOT NULL,
  UNIQUE (submission, sha256, length)
) STRICT;

CREATE INDEX upload_expires ON upload (expires) WHERE claimed = 0;

-- What is here of one that is not whole yet: the pieces, by the place of their first byte.
CREATE TABLE upload_part (
  upload TEXT NOT NULL REFERENCES upload (id) ON DELETE CASCADE,
  start INTEGER NOT NULL,
  length INTEGER NOT NULL,
  object TEXT NOT NULL UNIQUE,
  PRIMARY KEY (upload, start)
) STRICT;

-- The name by which the place of the bytes knows this database: what it does not name there, it may
-- remove, and so no other database may use the place.
CREATE TABLE upload_place (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  name TEXT NOT NULL
) STRICT;
