-- Erasures as work in progress, and as tombstones that consumers follow.

ALTER TABLE erasures ADD COLUMN changed_at timestamptz NOT NULL DEFAULT clock_timestamp();
CREATE INDEX erasures_by_change ON erasures (changed_at);

-- Whose erasure is under way, and how far it has come. The row goes when it is complete: then only
-- the hash is left.
CREATE TABLE erasures_under_way (
    erasure_id uuid PRIMARY KEY REFERENCES erasures (id) ON DELETE CASCADE,
    subject    text COLLATE "C" NOT NULL UNIQUE,
    phase      text NOT NULL DEFAULT 'ASKED',
    since      timestamptz NOT NULL
);

CREATE INDEX hashtag_uses_by_person ON hashtag_uses (person);

-- Whether something that a person did at a time is to be forgotten.
CREATE FUNCTION is_forgotten(person text, at timestamptz) RETURNS boolean
    LANGUAGE sql STABLE RETURN EXISTS (
        SELECT FROM erasures
        WHERE subject_hash = sha256(convert_to(person, 'UTF8'))
            AND (completed_at IS NULL OR at <= completed_at)
    );
