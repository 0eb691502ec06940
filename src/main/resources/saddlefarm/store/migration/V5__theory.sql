-- What theory predicts for a run: a function of its specification, so no commit's number is beside it.
CREATE TABLE theory (
    run      TEXT NOT NULL PRIMARY KEY REFERENCES run (id) ON DELETE CASCADE,
    problem  TEXT NOT NULL, -- what is learned by which network, JSON: runs that share it share their escape directions
    document TEXT NOT NULL  -- JSON
);
CREATE INDEX theory_problem ON theory (problem);
