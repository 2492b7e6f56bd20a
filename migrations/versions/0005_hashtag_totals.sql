-- How often each hashtag was used, for suggestions: counted as uses come and go, for counting them
-- anew takes long where a hashtag is popular.

CREATE TABLE hashtag_totals (
    hashtag text COLLATE "C" PRIMARY KEY,
    uses    bigint NOT NULL
);

INSERT INTO hashtag_totals SELECT hashtag, count(*) FROM hashtag_uses GROUP BY hashtag;
