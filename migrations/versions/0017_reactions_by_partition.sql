-- Sequences order the records of one partition alone: where a topic got more partitions, a post's later
-- records have lower ones. Rows of before have no partition, and are taken to be of whichever asks next.
-- What people do with a post that we served counts once: the record that did (`attributed_sequence`).

ALTER TABLE reactions ADD COLUMN partition integer, ADD COLUMN attributed_sequence bigint;

-- A view that we served is a row, too, but nothing that a post's reactions are looked up for.
DROP INDEX reactions_by_post;
CREATE INDEX reactions_by_post ON reactions (post_id) WHERE count > 0 AND type <> 'VIEW';
