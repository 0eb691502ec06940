-- What computed a run: backend, kernels and processor. Beside the results, which are the same wherever they were made.
CREATE TABLE machine (
    run           TEXT   NOT NULL REFERENCES run (id) ON DELETE CASCADE,
    name          TEXT   NOT NULL, -- such as: ordered (512-bit vectors) on AMD EPYC
    commit_number BIGINT NOT NULL, -- of its first commit
    PRIMARY KEY (run, name)
);
