-- Who did what, and what was derived from it.

-- Who reacted how to which post, and by which records of the log, so that a replay is answered as
-- it was at first. The three arrays run in parallel, oldest first, at most 16 long.
CREATE TABLE reactions (
    user_id       text COLLATE "C" NOT NULL,
    post_id       text COLLATE "C" NOT NULL,
    type          text NOT NULL,
    count         integer NOT NULL CHECK (count >= 0),
    active        boolean GENERATED ALWAYS AS (count > 0) STORED,
    weighed_at    double precision NOT NULL,  -- epoch seconds, exact: trends subtract it again
    last_sequence bigint NOT NULL,
    changes       bigint[] NOT NULL,
    weights       smallint[] NOT NULL,
    weight_times  double precision[] NOT NULL,
    PRIMARY KEY (user_id, post_id, type)
);

CREATE INDEX reactions_by_post ON reactions (post_id) WHERE count > 0;

CREATE TABLE interactions (
    at         timestamptz NOT NULL,
    partition  integer NOT NULL,
    sequence   bigint NOT NULL,
    user_id    text COLLATE "C" NOT NULL,
    action     text NOT NULL,
    post_id    text COLLATE "C",
    creator_id text COLLATE "C",
    hashtag    text,
    counted    boolean NOT NULL,
    PRIMARY KEY (partition, sequence, at)
) PARTITION BY RANGE (at);

CREATE INDEX interactions_by_user ON interactions (user_id, at);
CREATE INDEX interactions_by_post ON interactions (post_id, at);

-- Whatever lies outside the days that have a partition, such as imported history.
CREATE TABLE interactions_default PARTITION OF interactions DEFAULT;

-- Partitions are made and dropped by the worker, who owns no table, through these two.
CREATE FUNCTION ensure_interaction_days(first_day date, days integer) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    day date;
    name text;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('interaction_days'));
    FOR offset_days IN 0 .. least(days, 31) - 1 LOOP
        day := first_day + offset_days;
        name := 'interactions_' || to_char(day, 'YYYYMMDD');
        CONTINUE WHEN to_regclass(name) IS NOT NULL;
        EXECUTE format('CREATE TABLE %I (LIKE interactions INCLUDING DEFAULTS)', name);
        -- Rows of the day that came before its partition.
        EXECUTE format(
            'WITH moved AS (DELETE FROM interactions_default WHERE at >= %L AND at < %L RETURNING *)'
            ' INSERT INTO %I SELECT * FROM moved',
            day::timestamp AT TIME ZONE 'UTC', (day + 1)::timestamp AT TIME ZONE 'UTC', name);
        EXECUTE format(
            'ALTER TABLE interactions ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)',
            name, day::timestamp AT TIME ZONE 'UTC', (day + 1)::timestamp AT TIME ZONE 'UTC');
    END LOOP;
END $$;

CREATE FUNCTION drop_interaction_days(before timestamptz) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    name text;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('interaction_days'));
    FOR name IN
        SELECT child.relname
        FROM pg_inherits JOIN pg_class child ON child.oid = inhrelid
        WHERE inhparent = 'interactions'::regclass AND child.relname ~ '^interactions_\d{8}$'
          AND (to_date(right(child.relname, 8), 'YYYYMMDD') + 1)::timestamp AT TIME ZONE 'UTC' <= before
    LOOP
        EXECUTE format('DROP TABLE %I', name);
    END LOOP;
    DELETE FROM interactions_default WHERE at < before;
END $$;

REVOKE ALL ON FUNCTION ensure_interaction_days, drop_interaction_days FROM PUBLIC;

CREATE TABLE hashtag_uses (
    hashtag text COLLATE "C" NOT NULL,
    post_id text COLLATE "C" NOT NULL,
    person  text COLLATE "C" NOT NULL,
    at      timestamptz NOT NULL,
    region  text,
    PRIMARY KEY (hashtag, post_id, person)
);

CREATE INDEX hashtag_uses_by_time ON hashtag_uses (at);
CREATE INDEX hashtag_uses_by_hashtag ON hashtag_uses (hashtag, at);
CREATE INDEX hashtag_uses_by_post ON hashtag_uses (post_id);

-- The latest of each trending list, for when Redis is away. Records are read from `posts`, so that
-- what was withdrawn since then stays withdrawn.
CREATE TABLE trending_snapshots (
    name        text PRIMARY KEY,
    computed_at timestamptz NOT NULL,
    post_ids    text[] NOT NULL,
    scores      double precision[] NOT NULL
);

-- Counters of a partition of the engagement topic, with the fence up to which they count.
CREATE TABLE counter_checkpoints (
    partition integer NOT NULL,
    post_id   text COLLATE "C" NOT NULL,
    state     bytea NOT NULL,
    fence     bigint NOT NULL,
    taken_at  timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (partition, post_id)
);
