-- The one key that signs receipts, by its thumbprint: a process with another one does not serve.
CREATE TABLE signing_key (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  kid TEXT NOT NULL
) STRICT;
