-- What libraries publish: the catalogue of all sites. `retrorig library publish --sql` prints this, for whoever keeps
-- the database; the first publish runs it where nothing of it is there.

CREATE SCHEMA retrorig;

COMMENT ON SCHEMA retrorig IS 'Sets of backward walking, published by retrorig libraries.';

-- One row: the version of these tables, the mark that the store of files has, too, and where that store is.
CREATE TABLE retrorig.about (
    is_one boolean PRIMARY KEY DEFAULT true CHECK (is_one),
    version integer NOT NULL, mark text NOT NULL, store text NOT NULL
);

-- A site is a library. login: who may change its rows, where row security is on. is_to_rebuild: a name was deleted, and
-- its bytes may still be in the tables' files.
CREATE TABLE retrorig.sites (
    site text COLLATE "C" PRIMARY KEY, name text UNIQUE NOT NULL, has_names boolean NOT NULL,
    login name NOT NULL DEFAULT current_user, published_utc timestamptz, is_to_rebuild boolean NOT NULL DEFAULT false
);

-- Who owns a set, for ever: the site that published it first. is_gone: that site has taken it away.
CREATE TABLE retrorig.claims (
    set_id text COLLATE "C" PRIMARY KEY, site text NOT NULL REFERENCES retrorig.sites, is_gone boolean NOT NULL DEFAULT false
);

-- Names by site and person; nobody of a site that keeps its names at home. No statistics, which would copy names.
CREATE TABLE retrorig.people (
    site text NOT NULL REFERENCES retrorig.sites, person text NOT NULL, name text NOT NULL, PRIMARY KEY (site, person)
);

ALTER TABLE retrorig.people ALTER COLUMN name SET STATISTICS 0;

ALTER TABLE retrorig.people ALTER COLUMN person SET STATISTICS 0;

-- Files of samples and raw sets, by what follows `samples/` and `raw/` in the store. state: coming (being written),
-- whole, torn (a set has left it), old (no set is in it).
CREATE TABLE retrorig.files (
    file text COLLATE "C" PRIMARY KEY, site text NOT NULL REFERENCES retrorig.sites, state text NOT NULL
);

-- The sets, under the keys of `retrorig sets --json`; person is `athlete` there. tail: that JSON from `kind` on.
CREATE TABLE retrorig.sets (
    set_id text COLLATE "C" PRIMARY KEY REFERENCES retrorig.claims, site text NOT NULL REFERENCES retrorig.sites,
    person text, month text COLLATE "C" NOT NULL, file text COLLATE "C" NOT NULL REFERENCES retrorig.files,
    row_digest text NOT NULL, samples_digest text NOT NULL, noted json NOT NULL, tail text NOT NULL,
    {columns}
);

ALTER TABLE retrorig.sets ALTER COLUMN person SET STATISTICS 0;

ALTER TABLE retrorig.sets ALTER COLUMN notes SET STATISTICS 0;

ALTER TABLE retrorig.sets ALTER COLUMN tail SET STATISTICS 0;

ALTER TABLE retrorig.sets ALTER COLUMN attachment SET STATISTICS 0;

-- Calibrations of a site's rigs. record: as `retrorig calibrate show --json`, without who made it, who is `person` as
-- beside sets, or, when no athlete, a pseudonym after "by-"; names of both are in `people`.
CREATE TABLE retrorig.calibrations (
    site text NOT NULL REFERENCES retrorig.sites, id text COLLATE "C" NOT NULL, rig text COLLATE "C" NOT NULL,
    kind text NOT NULL, made_utc text NOT NULL, person text, record json NOT NULL, PRIMARY KEY (site, id)
);

ALTER TABLE retrorig.calibrations ALTER COLUMN person SET STATISTICS 0;

CREATE INDEX sets_by_month ON retrorig.sets (site, month, rig_id, set_id);

CREATE INDEX sets_by_file ON retrorig.sets (file);

CREATE INDEX sets_by_start ON retrorig.sets (started_utc, set_id)
;

-- The same for programs that draw tables: a name or else the label, and a start that is a moment. It shows what whoever
-- asks may see.
CREATE VIEW retrorig.listing WITH (security_invoker = true) AS
    SELECT set_id, sites.name AS site, coalesce(people.name, person) AS athlete, started_utc::timestamptz AS started,
        rig_id, kind, machine, duration_s, backward_m, mean_speed_mps, peak_speed_mps, mean_force_n, peak_force_n, work_j,
        mean_power_w, steps, quality, rpe, pain, load_kg, side, attachment, notes
    FROM retrorig.sets JOIN retrorig.sites USING (site) LEFT JOIN retrorig.people USING (site, person)
