-- Texts are compared by their bytes, as DynamoDB does: COLLATE "C".

-- Events that are not published yet. Those of a subject are published in the order of their positions.
CREATE TABLE outbox (
  position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  subject text COLLATE "C" NOT NULL,
  id text NOT NULL,
  type text NOT NULL,
  body text NOT NULL,
  written_at timestamptz NOT NULL DEFAULT clock_timestamp()
) WITH (
  -- Every row is deleted soon: without frequent vacuums, dead ones would slow each look for the oldest.
  autovacuum_vacuum_scale_factor = 0,
  autovacuum_vacuum_threshold = 1000
);
CREATE INDEX outbox_subject ON outbox (subject, position);

-- The attributes of each index of each table of items: queryPage reads them here.
CREATE TABLE item_indexes (
  table_name text NOT NULL,
  index_name text NOT NULL,
  partition_attribute text NOT NULL,
  sort_attribute text NOT NULL,
  PRIMARY KEY (table_name, index_name)
);

-- A table of items by their attributes pk and sk; one without a sort key leaves sk empty. Repeating it changes nothing.
CREATE FUNCTION create_item_table(name text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format(
    'CREATE TABLE IF NOT EXISTS %I (
       pk text COLLATE "C" NOT NULL,
       sk text COLLATE "C" NOT NULL DEFAULT '''',
       item jsonb NOT NULL,
       -- In seconds since 1970, as DynamoDB''s time to live.
       expires_at numeric GENERATED ALWAYS AS (
         CASE WHEN jsonb_typeof(item -> ''expiresAt'') = ''number'' THEN (item -> ''expiresAt'')::numeric END
       ) STORED,
       PRIMARY KEY (pk, sk)
     )', name);
  EXECUTE format(
    'CREATE INDEX IF NOT EXISTS %I ON %I (expires_at) WHERE expires_at IS NOT NULL',
    'expiry_' || md5(name), name);
END $$;

-- An index of a table of items over two texts. It holds the items that have both. Repeating it changes nothing.
CREATE FUNCTION create_item_index(name text, index_name text, partition_attribute text, sort_attribute text)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO item_indexes VALUES (name, index_name, partition_attribute, sort_attribute) ON CONFLICT DO NOTHING;
  EXECUTE format(
    'CREATE INDEX IF NOT EXISTS %1$I ON %2$I
       (((item ->> %3$L) COLLATE "C"), ((item ->> %4$L) COLLATE "C"), pk, sk)
       WHERE jsonb_typeof(item -> %3$L) = ''string'' AND jsonb_typeof(item -> %4$L) = ''string''',
    'index_' || md5(name || '.' || index_name), name, partition_attribute, sort_attribute);
END $$;
