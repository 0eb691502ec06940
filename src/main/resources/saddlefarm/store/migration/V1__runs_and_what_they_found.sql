-- Runs on SQLite and PostgreSQL alike; ${binary} is BLOB or BYTEA.
-- Every row of a run carries the number of the commit that wrote it: going on from an earlier checkpoint deletes what
-- was written after it. Rows marked `closing` exist only because the run ended, and go when it is taken up again.
-- No column holds a time of day: two executions of one experiment store the same.

-- The last epoch given to an owner of any run. Epochs are never used twice, even for a run deleted and made anew.
CREATE TABLE ownership (
    last_epoch BIGINT NOT NULL
);
INSERT INTO ownership (last_epoch) VALUES (0);

CREATE TABLE run (
    id            TEXT    NOT NULL PRIMARY KEY,
    registered    BIGINT  NOT NULL, -- order in which runs were made known
    experiment    TEXT    NOT NULL,
    specification TEXT    NOT NULL, -- JSON
    swept         TEXT    NOT NULL, -- JSON object: key to its value as JSON text
    backend       TEXT    NOT NULL,
    status        TEXT    NOT NULL,
    cause         TEXT,
    epoch         BIGINT  NOT NULL,
    last_commit   BIGINT  NOT NULL, -- 0 before the first; only grows
    step          BIGINT,           -- this and what follows: null before the first commit
    flow_time     DOUBLE PRECISION,
    loss          DOUBLE PRECISION,
    rank          INTEGER,
    plateaus      INTEGER
);

CREATE TABLE checkpoint (
    run           TEXT    NOT NULL REFERENCES run (id) ON DELETE CASCADE,
    commit_number BIGINT  NOT NULL,
    length        BIGINT  NOT NULL, -- of state, in bytes
    checksum      BIGINT  NOT NULL, -- CRC-32C of state
    state         ${binary} NOT NULL,
    PRIMARY KEY (run, commit_number)
);

CREATE TABLE snapshot (
    run            TEXT    NOT NULL REFERENCES run (id) ON DELETE CASCADE,
    step           BIGINT  NOT NULL,
    commit_number  BIGINT  NOT NULL,
    closing        BOOLEAN NOT NULL,
    flow_time      DOUBLE PRECISION NOT NULL,
    loss           DOUBLE PRECISION NOT NULL,
    gradient_norm  DOUBLE PRECISION NOT NULL,
    parameter_norm DOUBLE PRECISION NOT NULL,
    rank           INTEGER NOT NULL,
    sigma          ${binary} NOT NULL, -- leading singular values of each layer
    PRIMARY KEY (run, step)
);
CREATE INDEX snapshot_commit ON snapshot (run, commit_number);

CREATE TABLE plateau (
    run           TEXT    NOT NULL REFERENCES run (id) ON DELETE CASCADE,
    number        INTEGER NOT NULL,
    commit_number BIGINT  NOT NULL,
    closing       BOOLEAN NOT NULL,
    rank          INTEGER NOT NULL,
    start_step    BIGINT  NOT NULL,
    end_step      BIGINT,
    start_time    DOUBLE PRECISION NOT NULL,
    end_time      DOUBLE PRECISION,
    deepest_step  BIGINT  NOT NULL,
    loss          DOUBLE PRECISION NOT NULL,
    gradient_norm DOUBLE PRECISION NOT NULL,
    kind          TEXT    NOT NULL,
    lambda_min    DOUBLE PRECISION,
    lambda_max    DOUBLE PRECISION,
    layer_ranks   TEXT    NOT NULL, -- such as 1;1;1;1
    spectra       ${binary} NOT NULL, -- leading singular values of each layer at the deepest snapshot
    parameters    ${binary} NOT NULL, -- weights and biases there
    PRIMARY KEY (run, number)
);

CREATE TABLE transition (
    run           TEXT    NOT NULL REFERENCES run (id) ON DELETE CASCADE,
    number        INTEGER NOT NULL,
    commit_number BIGINT  NOT NULL,
    step          BIGINT  NOT NULL,
    flow_time     DOUBLE PRECISION NOT NULL,
    rank_before   INTEGER NOT NULL,
    PRIMARY KEY (run, number)
);
