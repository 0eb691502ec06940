-- The order in which the findings of all runs became known, for those who ask what is new.
-- The last number given is beside the last epoch: who gives numbers holds that row until the transaction ends, so that
-- no number becomes visible before all lesser ones have. (Numbers of a sequence may, of two transactions at once.)
ALTER TABLE ownership ADD COLUMN last_finding BIGINT NOT NULL DEFAULT 0;
ALTER TABLE plateau ADD COLUMN sequence BIGINT;    -- null within a transaction only
ALTER TABLE transition ADD COLUMN sequence BIGINT; -- likewise; another one when rank_after changes

-- What is there already: run by run, and of each run in the order in which it went through them.
CREATE TABLE known AS
    SELECT found.run, found.place, ROW_NUMBER() OVER (ORDER BY run.registered, run.id, found.place) AS sequence
    FROM (SELECT run, 2 * number AS place FROM transition
          UNION ALL SELECT run, 2 * number + 1 FROM plateau) AS found
    JOIN run ON run.id = found.run;
UPDATE plateau SET sequence = known.sequence FROM known
    WHERE known.run = plateau.run AND known.place = 2 * plateau.number + 1;
UPDATE transition SET sequence = known.sequence FROM known
    WHERE known.run = transition.run AND known.place = 2 * transition.number;
UPDATE ownership SET last_finding = (SELECT COUNT(*) FROM known);
DROP TABLE known;

CREATE INDEX plateau_sequence ON plateau (sequence);
CREATE INDEX transition_sequence ON transition (sequence);
