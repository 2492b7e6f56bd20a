-- Posts as other services publish them, with what moderation knows about each.

CREATE EXTENSION IF NOT EXISTS vector;
CREATE EXTENSION IF NOT EXISTS pg_trgm;

CREATE TABLE explore_categories (
    slug          text COLLATE "C" PRIMARY KEY,
    name          text NOT NULL,
    description   text,
    icon_url      text,
    display_order integer NOT NULL DEFAULT 0,
    is_active     boolean NOT NULL DEFAULT true,
    created_at    timestamptz NOT NULL DEFAULT now()
);

-- Every change of a post's record, from whichever topic, takes the next number.
CREATE SEQUENCE post_revisions;

-- A post has a row here as soon as either topic mentions it: a moderation result may come first.
-- Its row lock orders all writers of a post, hence the revision. Not classified is not harmless:
-- scores start as NULL and the status as UNCLASSIFIED.
CREATE TABLE content_flags (
    post_id          text COLLATE "C" PRIMARY KEY,
    revision         bigint NOT NULL DEFAULT 0,
    spam_score       double precision CHECK (spam_score BETWEEN 0 AND 1),
    nsfw_score       double precision CHECK (nsfw_score BETWEEN 0 AND 1),
    toxicity_score   double precision CHECK (toxicity_score BETWEEN 0 AND 1),
    bot_score        double precision CHECK (bot_score BETWEEN 0 AND 1),
    quality_score    double precision CHECK (quality_score BETWEEN 0 AND 1),
    -- When each of the five scores was given, in their order, in epoch seconds.
    score_times      double precision[] NOT NULL DEFAULT '{NULL,NULL,NULL,NULL,NULL}',
    guesses          jsonb,           -- categories that classifiers saw; NULL: none has answered
    guessed_at       timestamptz NOT NULL DEFAULT '-infinity',
    machine_decision text NOT NULL DEFAULT 'NONE',
    machine_at       timestamptz NOT NULL DEFAULT '-infinity',
    machine_source   text NOT NULL DEFAULT '',
    human_decision   text NOT NULL DEFAULT 'NONE',
    human_at         timestamptz NOT NULL DEFAULT '-infinity',
    human_source     text NOT NULL DEFAULT '',
    review_status    text NOT NULL DEFAULT 'UNCLASSIFIED',
    reasons          text[] NOT NULL DEFAULT '{UNCLASSIFIED}',
    severity         double precision NOT NULL DEFAULT 0,
    reports          integer NOT NULL DEFAULT 0,  -- by viewers, since a person last decided
    urgency          double precision GENERATED ALWAYS AS (severity + 0.2 * least(reports, 10)) STORED,
    created_at       timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX content_flags_by_urgency ON content_flags (urgency DESC, post_id)
    WHERE review_status IN ('PENDING_REVIEW', 'ESCALATED') OR reports > 0;
CREATE INDEX content_flags_by_status ON content_flags (review_status, urgency DESC, post_id);

-- Immutable, unlike array_to_string, whose result may depend on settings for other types.
CREATE FUNCTION words_of(hashtags text[]) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN array_to_string(hashtags, ' ');

CREATE TABLE posts (
    id               text COLLATE "C" PRIMARY KEY,
    author_id        text COLLATE "C" NOT NULL,
    title            text,
    body             text NOT NULL,
    url              text,
    language         text,
    region           text,
    created_at       timestamptz NOT NULL,
    hashtags         text[] COLLATE "C" NOT NULL,
    media            jsonb NOT NULL,
    own_categories   jsonb,           -- what the producer said; NULL: nothing
    categories       jsonb NOT NULL,  -- what holds: the producer's, else the classifier's
    deleted          boolean NOT NULL,
    recommendable    boolean NOT NULL,
    event_at         timestamptz NOT NULL,
    headline         text GENERATED ALWAYS AS (lower(left(coalesce(title, body), 200))) STORED,
    -- Cut, for a vector of more than a megabyte is an error. What looks like markup is text.
    search           tsvector GENERATED ALWAYS AS (
        setweight(to_tsvector('pg_catalog.english',
            translate(left(coalesce(title, ''), 1000), '<>&', '   ')), 'A')
        || setweight(to_tsvector('pg_catalog.english', words_of(hashtags)), 'B')
        || setweight(to_tsvector('pg_catalog.english',
            translate(left(body, 100000), '<>&', '   ')), 'C')
    ) STORED
);

CREATE INDEX posts_by_time ON posts (created_at DESC, id DESC) WHERE recommendable;
CREATE INDEX posts_by_author ON posts (author_id, created_at DESC, id DESC) WHERE NOT deleted;
CREATE INDEX posts_by_hashtag ON posts USING gin (hashtags) WHERE recommendable;
CREATE INDEX posts_by_words ON posts USING gin (search) WHERE recommendable;
CREATE INDEX posts_by_trigrams ON posts USING gin (headline gin_trgm_ops) WHERE recommendable;

-- One row per post and category that holds, for lists by category. The time is the post's.
CREATE TABLE post_categories (
    post_id       text COLLATE "C" NOT NULL REFERENCES posts (id) ON DELETE CASCADE,
    category_slug text COLLATE "C" NOT NULL REFERENCES explore_categories (slug),
    confidence    double precision NOT NULL CHECK (confidence BETWEEN 0 AND 1),
    created_at    timestamptz NOT NULL,
    PRIMARY KEY (post_id, category_slug)
);

CREATE INDEX post_categories_by_time
    ON post_categories (category_slug, created_at DESC, post_id DESC);

-- A post as it is read; `created` is `created_at` in epoch seconds.
CREATE VIEW post_records AS
SELECT p.id, f.revision, p.author_id, p.title, p.body, p.url, p.language, p.region, p.created_at,
    extract(epoch FROM p.created_at)::float8 AS created, p.hashtags, p.media, p.categories,
    p.deleted, p.recommendable, f.review_status, f.spam_score, f.nsfw_score, f.toxicity_score,
    f.bot_score, f.quality_score
FROM posts p JOIN content_flags f ON f.post_id = p.id;

-- A post as it is folded; `id` is NULL where only moderation has spoken of it.
CREATE VIEW post_states AS
SELECT f.post_id, p.id, p.author_id, p.title, p.body, p.url, p.language, p.region,
    extract(epoch FROM p.created_at)::float8 AS created, p.hashtags, p.media, p.own_categories,
    p.deleted, extract(epoch FROM p.event_at)::float8 AS told_at, f.spam_score, f.nsfw_score,
    f.toxicity_score, f.bot_score, f.quality_score, f.score_times, f.guesses,
    extract(epoch FROM f.guessed_at)::float8 AS guessed, f.machine_decision,
    extract(epoch FROM f.machine_at)::float8 AS machine_ruled, f.machine_source, f.human_decision,
    extract(epoch FROM f.human_at)::float8 AS human_ruled, f.human_source
FROM content_flags f LEFT JOIN posts p ON p.id = f.post_id;
