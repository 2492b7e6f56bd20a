-- Where a reaction counts beside the world, so that taking it back lowers the sum that it raised,
-- whatever region the undoing names. `regions` runs in parallel to `changes`; rows of before have none.

ALTER TABLE reactions ADD COLUMN region text, ADD COLUMN regions text[] NOT NULL DEFAULT '{}';
