-- Review by people: decisions in a hash chain, cases held by one moderator at a time, posts that
-- would trend if somebody approved them, decisions that end by themselves.

-- Each row's hash covers its content and the hash of the row before (`domain/audit.py` has the
-- same in Python): whoever changes, removes or adds one breaks all that follow. Positions are given
-- under the chain's lock, ids are not.
CREATE TABLE moderation_chain (
    single boolean PRIMARY KEY DEFAULT true CHECK (single),
    length bigint NOT NULL,
    head   bytea NOT NULL
);
INSERT INTO moderation_chain (length, head) VALUES (0, decode(repeat('00', 32), 'hex'));

ALTER TABLE moderation_events
    ADD COLUMN position bigint, ADD COLUMN previous bytea, ADD COLUMN hash bytea;

CREATE FUNCTION chained_text(fields text[]) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN (
        SELECT string_agg(coalesce(octet_length(field) || ':' || field, '-'), ',' ORDER BY place)
        FROM unnest(fields) WITH ORDINALITY AS given (field, place));

CREATE FUNCTION moderation_event_hash(
    previous bytea, place bigint, id bigint, post_id text, at timestamptz, actor text,
    decision text, reason text, note text
) RETURNS bytea LANGUAGE sql STABLE PARALLEL SAFE RETURN sha256(previous || convert_to(
    chained_text(ARRAY[place::text, id::text, post_id,
        (extract(epoch FROM at) * 1000000)::bigint::text, actor, decision, reason, note]), 'UTF8'));

ALTER TABLE moderation_events DISABLE TRIGGER moderation_events_are_kept;
DO $$
DECLARE
    event moderation_events;
    last bytea;
BEGIN
    FOR event IN SELECT * FROM moderation_events ORDER BY id LOOP
        UPDATE moderation_chain SET length = length + 1 RETURNING length, head
            INTO event.position, last;
        event.hash := moderation_event_hash(last, event.position, event.id, event.post_id,
            event.at, event.actor, event.decision, event.reason, event.note);
        UPDATE moderation_events SET position = event.position, previous = last, hash = event.hash
            WHERE id = event.id;
        UPDATE moderation_chain SET head = event.hash;
    END LOOP;
END $$;
ALTER TABLE moderation_events ENABLE TRIGGER moderation_events_are_kept;

ALTER TABLE moderation_events
    ALTER COLUMN position SET NOT NULL,
    ALTER COLUMN previous SET NOT NULL,
    ALTER COLUMN hash SET NOT NULL,
    ADD UNIQUE (position);

-- With its owner's rights: who may add a decision may not write the chain's head.
CREATE FUNCTION chain_event() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE moderation_chain SET length = length + 1 RETURNING length, head
        INTO NEW.position, NEW.previous;
    NEW.hash := moderation_event_hash(NEW.previous, NEW.position, NEW.id, NEW.post_id, NEW.at,
        NEW.actor, NEW.decision, NEW.reason, NEW.note);
    UPDATE moderation_chain SET head = NEW.hash;
    RETURN NEW;
END $$;

CREATE TRIGGER moderation_events_are_chained
    BEFORE INSERT ON moderation_events FOR EACH ROW EXECUTE FUNCTION chain_event();

-- Who looks at which post, until when.
CREATE TABLE moderation_claims (
    post_id   text COLLATE "C" PRIMARY KEY,
    moderator text COLLATE "C" NOT NULL,
    until     timestamptz NOT NULL
);

CREATE INDEX moderation_claims_by_time ON moderation_claims (until);

-- A post that is held back and that enough people react to comes before its like.
ALTER TABLE content_flags DROP COLUMN urgency;
ALTER TABLE content_flags ADD COLUMN rising boolean NOT NULL DEFAULT false;
ALTER TABLE content_flags ADD COLUMN urgency double precision
    GENERATED ALWAYS AS (severity + 0.2 * least(reports, 10)
        + CASE WHEN rising THEN 0.5 ELSE 0.0 END) STORED;

CREATE INDEX content_flags_by_urgency ON content_flags (urgency DESC, post_id)
    WHERE review_status IN ('PENDING_REVIEW', 'ESCALATED') OR reports > 0
        OR (rising AND review_status = 'UNCLASSIFIED');
CREATE INDEX content_flags_by_status ON content_flags (review_status, urgency DESC, post_id);
CREATE INDEX content_flags_by_ban ON content_flags (human_at)
    WHERE human_decision = 'SHADOW_BAN';

CREATE OR REPLACE VIEW post_records AS
SELECT p.id, f.revision, p.author_id, p.title, p.body, p.url, p.language, p.region, p.created_at,
    extract(epoch FROM p.created_at)::float8 AS created, p.hashtags, p.media, p.categories,
    p.deleted, p.recommendable, f.review_status, f.spam_score, f.nsfw_score, f.toxicity_score,
    f.bot_score, f.quality_score,
    CASE WHEN f.human_decision NOT IN ('NONE', 'CLEAR')
        THEN extract(epoch FROM f.human_at)::float8 END AS decided
FROM posts p JOIN content_flags f ON f.post_id = p.id;
