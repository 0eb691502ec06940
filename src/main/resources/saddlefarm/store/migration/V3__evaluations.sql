-- Evaluations of the gradient so far, of runs where a step takes more than one; null elsewhere.
ALTER TABLE run ADD COLUMN evaluations BIGINT;
