-- What our own classifiers looked at: nothing is judged twice, and what was missed is found.
CREATE TABLE classifications (
    post_id  text COLLATE "C" PRIMARY KEY,
    material bytea NOT NULL,  -- a hash of the words that were judged
    source   text NOT NULL,   -- which models judged them
    at       timestamptz NOT NULL DEFAULT now()
);

-- What models that run beside the live ones say; nothing is decided by it.
CREATE TABLE shadow_scores (
    model        text NOT NULL,
    version      text NOT NULL,
    post_id      text COLLATE "C" NOT NULL,
    score        double precision NOT NULL,
    label        text NOT NULL,
    live_version text NOT NULL,
    live_score   double precision NOT NULL,
    live_label   text NOT NULL,
    at           timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (model, version, post_id)
);

CREATE INDEX shadow_scores_by_time ON shadow_scores (at);
