-- Creators and viewers: what other services say of them, what they said, what was learned.

CREATE SEQUENCE creator_revisions;

-- An author has a row from the first post on; the event time of such a stub is -infinity.
CREATE TABLE creators (
    id             text COLLATE "C" PRIMARY KEY,
    revision       bigint NOT NULL DEFAULT nextval('creator_revisions'),
    handle         text NOT NULL,
    display_name   text NOT NULL,
    avatar_url     text,
    follower_count bigint CHECK (follower_count >= 0),
    region         text,
    languages      text[] NOT NULL DEFAULT '{}',
    deleted        boolean NOT NULL DEFAULT false,
    event_at       timestamptz NOT NULL DEFAULT '-infinity'
);

CREATE INDEX creators_by_handle ON creators (lower(handle) text_pattern_ops);
CREATE INDEX creators_by_trigrams ON creators
    USING gin ((lower(handle || ' ' || display_name)) gin_trgm_ops) WHERE NOT deleted;

CREATE TABLE follows (
    user_id   text COLLATE "C" NOT NULL,
    target_id text COLLATE "C" NOT NULL,
    active    boolean NOT NULL,
    event_at  timestamptz NOT NULL,
    PRIMARY KEY (user_id, target_id)
);

CREATE INDEX follows_by_target ON follows (target_id) WHERE active;

CREATE TABLE blocks (
    user_id   text COLLATE "C" NOT NULL,
    target_id text COLLATE "C" NOT NULL,
    active    boolean NOT NULL,
    event_at  timestamptz NOT NULL,
    PRIMARY KEY (user_id, target_id)
);

-- Settings, statements about taste and recent actions, packed as the API wrote them.
CREATE TABLE viewer_statements (
    viewer_id  text COLLATE "C" PRIMARY KEY,
    version    bigint NOT NULL,
    state      bytea NOT NULL,
    updated_at timestamptz NOT NULL DEFAULT now()
);

-- `profile` is what the service reads back; the weights are the same, netted, for analysts.
CREATE TABLE user_interest_profiles (
    user_id            text COLLATE "C" PRIMARY KEY,
    fence              bigint NOT NULL,
    profile            bytea NOT NULL,
    topic_weights      jsonb NOT NULL DEFAULT '{}',
    author_affinities  jsonb NOT NULL DEFAULT '{}',
    hashtag_affinities jsonb NOT NULL DEFAULT '{}',
    embedding          vector(128),
    last_active_at     timestamptz,
    updated_at         timestamptz NOT NULL DEFAULT now()
);
