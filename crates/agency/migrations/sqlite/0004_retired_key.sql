-- Keys that answers were sealed to, and that no definition should name any more. Those that are in use
-- stand in the definitions themselves.
CREATE TABLE retired_key (
  kid TEXT PRIMARY KEY,
  retired_at TEXT NOT NULL
) STRICT;
