-- What nobody has judged wholly is found by our classifiers, what a producer marks is kept, and what
-- a decision that was taken back had settled is open again.

-- The producer's own mark (`nsfw: true`); it stands in for an NSFW score that nobody gave.
ALTER TABLE content_flags ADD COLUMN told_nsfw boolean NOT NULL DEFAULT false;

-- Since when a person's decision holds; NULL where none does.
CREATE FUNCTION decided_at(decision text, at timestamptz) RETURNS timestamptz
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN decision NOT IN ('NONE', 'CLEAR') THEN at END;

-- Whether our classifiers have something to add: a machine that decides has judged the whole post,
-- one that scores only what it scored.
CREATE FUNCTION is_judged(
    spam double precision, nsfw double precision, toxicity double precision, machine text
) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN machine NOT IN ('NONE', 'CLEAR')
        OR (spam IS NOT NULL AND nsfw IS NOT NULL AND toxicity IS NOT NULL);

CREATE INDEX content_flags_by_lack ON content_flags
    ((review_status = 'UNCLASSIFIED') DESC, urgency DESC, post_id)
    WHERE NOT is_judged(spam_score, nsfw_score, toxicity_score, machine_decision);
CREATE INDEX content_flags_rising ON content_flags (post_id) WHERE rising;

CREATE OR REPLACE VIEW post_records AS
SELECT p.id, f.revision, p.author_id, p.title, p.body, p.url, p.language, p.region, p.created_at,
    extract(epoch FROM p.created_at)::float8 AS created, p.hashtags, p.media, p.categories,
    p.deleted, p.recommendable, f.review_status, f.spam_score,
    CASE WHEN f.nsfw_score IS NULL AND f.told_nsfw THEN 1.0::float8 ELSE f.nsfw_score END
        AS nsfw_score,
    f.toxicity_score, f.bot_score, f.quality_score,
    extract(epoch FROM decided_at(f.human_decision, f.human_at))::float8 AS decided
FROM posts p JOIN content_flags f ON f.post_id = p.id;

CREATE OR REPLACE VIEW post_states AS
SELECT f.post_id, p.id, p.author_id, p.title, p.body, p.url, p.language, p.region,
    extract(epoch FROM p.created_at)::float8 AS created, p.hashtags, p.media, p.own_categories,
    p.deleted, extract(epoch FROM p.event_at)::float8 AS told_at, f.spam_score, f.nsfw_score,
    f.toxicity_score, f.bot_score, f.quality_score, f.score_times, f.guesses,
    extract(epoch FROM f.guessed_at)::float8 AS guessed, f.machine_decision,
    extract(epoch FROM f.machine_at)::float8 AS machine_ruled, f.machine_source, f.human_decision,
    extract(epoch FROM f.human_at)::float8 AS human_ruled, f.human_source, f.told_nsfw
FROM content_flags f LEFT JOIN posts p ON p.id = f.post_id;
