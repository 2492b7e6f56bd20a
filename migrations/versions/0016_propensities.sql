-- The chance that exploration had given the post when it was served, so that what follows from it
-- can be weighted by its inverse. Parts take on the column of the whole.
ALTER TABLE interactions ADD COLUMN propensity double precision;
