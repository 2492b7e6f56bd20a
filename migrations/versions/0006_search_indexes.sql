-- Rows that wait to be merged into an inverted index are read through by every search in it.
ALTER INDEX posts_by_hashtag SET (fastupdate = off);
ALTER INDEX posts_by_words SET (gin_pending_list_limit = 512);     -- kB, of 4096
ALTER INDEX posts_by_trigrams SET (gin_pending_list_limit = 512);

-- Titles that begin so; trigrams would find all that have such a word.
CREATE INDEX posts_by_headline ON posts (headline text_pattern_ops) WHERE recommendable;
