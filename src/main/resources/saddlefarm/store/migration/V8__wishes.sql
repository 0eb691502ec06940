-- What is wanted of a run: train, pause or cancel. Stored before it is promised, so that it is done whoever crashes; null
-- when the run has ended by itself, and nobody has wanted anything of it since.
ALTER TABLE run ADD COLUMN wish TEXT;
UPDATE run SET wish = CASE WHEN status IN ('queued', 'running') THEN 'train'
                           WHEN status = 'paused' THEN 'pause'
                           WHEN status = 'cancelled' THEN 'cancel' END;
CREATE INDEX run_wish ON run (wish, status);
