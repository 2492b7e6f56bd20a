-- How far into its log each partition's checkpoint reaches, with the fields beside its values.

CREATE TABLE counter_fences (
    partition integer PRIMARY KEY,
    fence     bigint NOT NULL,
    names     text[] NOT NULL,
    contents  bytea[] NOT NULL,
    taken_at  timestamptz NOT NULL DEFAULT now()
);

-- The same of the interactions' topic; the profiles themselves carry their own fences.
CREATE TABLE profile_fences (
    partition integer PRIMARY KEY,
    fence     bigint NOT NULL,
    names     text[] NOT NULL,
    contents  bytea[] NOT NULL,
    taken_at  timestamptz NOT NULL DEFAULT now()
);
