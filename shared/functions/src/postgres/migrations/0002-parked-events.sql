-- Events that the broker refuses for good, so that they do not hold up the later ones of their subject. Once the reason is
-- gone, they are put back: INSERT INTO outbox (subject, id, type, body) SELECT ... ORDER BY position.
CREATE TABLE outbox_parked (
  position bigint PRIMARY KEY,
  subject text COLLATE "C" NOT NULL,
  id text NOT NULL,
  type text NOT NULL,
  body text NOT NULL,
  written_at timestamptz NOT NULL,
  reason text NOT NULL,
  parked_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
