-- What a plateau's saddle is made of and how it was left; null in rows that were written before anybody looked.
ALTER TABLE plateau ADD COLUMN saddle TEXT;           -- JSON
ALTER TABLE plateau ADD COLUMN measured_escape TEXT;  -- JSON (escape is a word of SQL); null where the plateau is open
ALTER TABLE plateau ADD COLUMN direction ${binary};   -- the direction of that escape, with its architecture
