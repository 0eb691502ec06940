-- Where a run goes on that another one has reached.
-- Runs with the same specification but for `stop` share their trajectory; null in rows of earlier versions.
ALTER TABLE run ADD COLUMN trajectory TEXT;
ALTER TABLE run ADD COLUMN extended_from TEXT;  -- the shorter run whose commits this one began with
ALTER TABLE run ADD COLUMN extended_at BIGINT;  -- the step up to which
CREATE INDEX run_trajectory ON run (trajectory);

-- The state at a plateau's deepest snapshot, with its architecture. It takes the place of the weights there, which
-- nothing could go on from by gradient flow, and which nobody read.
ALTER TABLE plateau DROP COLUMN parameters;
ALTER TABLE plateau ADD COLUMN deepest ${binary};

-- What a fork begins with; its specification says from where and how.
CREATE TABLE fork (
    run          TEXT             NOT NULL PRIMARY KEY REFERENCES run (id) ON DELETE CASCADE,
    parent       TEXT             NOT NULL, -- the run it was forked from, which may be gone
    initial_loss DOUBLE PRECISION NOT NULL, -- C at the parent's step 0
    initial      ${binary}        NOT NULL, -- the largest singular value of each layer there
    start        ${binary}        NOT NULL  -- the state, with its architecture, not evaluated
);
CREATE INDEX fork_parent ON fork (parent);
