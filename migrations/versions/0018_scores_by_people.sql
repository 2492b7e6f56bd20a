-- Scores and categories that people give are kept apart from those of machines and hold over them,
-- until a person's CLEAR; then what machines say holds again.

ALTER TABLE content_flags
    -- The five scores of machines, in their order, where people's differ; NULL: those that hold.
    -- Their times are `score_times`, their categories `guesses`.
    ADD COLUMN machine_scores double precision[],
    ADD COLUMN human_scores double precision[] NOT NULL DEFAULT '{NULL,NULL,NULL,NULL,NULL}',
    ADD COLUMN human_score_times double precision[] NOT NULL DEFAULT '{NULL,NULL,NULL,NULL,NULL}',
    ADD COLUMN human_categories jsonb,
    ADD COLUMN human_categories_at timestamptz NOT NULL DEFAULT '-infinity',
    ADD COLUMN cleared_at timestamptz NOT NULL DEFAULT '-infinity';

CREATE OR REPLACE VIEW post_states AS
SELECT f.post_id, p.id, p.author_id, p.title, p.body, p.url, p.language, p.region,
    extract(epoch FROM p.created_at)::float8 AS created, p.hashtags, p.media, p.own_categories,
    p.deleted, extract(epoch FROM p.event_at)::float8 AS told_at, f.spam_score, f.nsfw_score,
    f.toxicity_score, f.bot_score, f.quality_score, f.score_times, f.guesses,
    extract(epoch FROM f.guessed_at)::float8 AS guessed, f.machine_decision,
    extract(epoch FROM f.machine_at)::float8 AS machine_ruled, f.machine_source, f.human_decision,
    extract(epoch FROM f.human_at)::float8 AS human_ruled, f.human_source, f.told_nsfw,
    f.machine_scores, f.human_scores, f.human_score_times, f.human_categories,
    extract(epoch FROM f.human_categories_at)::float8 AS human_categorized,
    extract(epoch FROM f.cleared_at)::float8 AS cleared
FROM content_flags f LEFT JOIN posts p ON p.id = f.post_id;
