-- What people decided, and our own records of it.

CREATE TABLE moderation_events (
    id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    post_id  text COLLATE "C" NOT NULL,
    at       timestamptz NOT NULL,
    actor    text NOT NULL,
    decision text NOT NULL,
    reason   text,
    note     text
);

CREATE INDEX moderation_events_by_post ON moderation_events (post_id, id);

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE TRIGGER moderation_events_are_kept
    BEFORE UPDATE OR DELETE OR TRUNCATE ON moderation_events
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE post_reports (
    post_id  text COLLATE "C" NOT NULL,
    reporter text COLLATE "C" NOT NULL,
    reason   text NOT NULL,
    note     text,
    at       timestamptz NOT NULL,
    PRIMARY KEY (post_id, reporter)
);

CREATE INDEX post_reports_by_reporter ON post_reports (reporter);

-- Events decided on together with a write above; the relay publishes them in order and deletes them.
CREATE TABLE outbox (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    topic      text NOT NULL,
    event      jsonb NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);

-- Who asked to be erased, as a hash, and what was found where.
CREATE TABLE erasures (
    id           uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    subject_hash bytea NOT NULL,
    requested_at timestamptz NOT NULL,
    completed_at timestamptz,
    stores       jsonb NOT NULL DEFAULT '{}'
);

CREATE INDEX erasures_by_subject ON erasures (subject_hash);

-- Trusted GraphQL operations: id is "sha256:" and the hash of the text.
CREATE TABLE documents (
    id       text PRIMARY KEY,
    text     text NOT NULL,
    client   text NOT NULL DEFAULT '',
    position bigint GENERATED ALWAYS AS IDENTITY,
    added_at timestamptz NOT NULL DEFAULT now()
);

CREATE UNIQUE INDEX documents_by_position ON documents (position);
