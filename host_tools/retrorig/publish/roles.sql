-- Who may see and change what of `retrorig`, by PostgreSQL's own roles and row security. Run by the owner of the tables,
-- after the first publish; a second time changes nothing: retrorig library publish --sql roles | psql sites

DO $$ BEGIN
    IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'retrorig_publisher') THEN CREATE ROLE retrorig_publisher; END IF;
    IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'retrorig_viewer') THEN CREATE ROLE retrorig_viewer; END IF;
END $$;

-- What a login may see, a row each. site, person: null for all of them. A manager of one site: (login, site, null, true);
-- a coach: a row for each athlete; a researcher without names: (login, null, null, false).
CREATE TABLE IF NOT EXISTS retrorig.viewers (
    login name NOT NULL, site text REFERENCES retrorig.sites, person text, with_names boolean NOT NULL
);

GRANT USAGE ON SCHEMA retrorig TO retrorig_publisher, retrorig_viewer;
GRANT SELECT ON retrorig.about, retrorig.sites, retrorig.sets, retrorig.people, retrorig.listing,
    retrorig.calibrations TO retrorig_viewer;
GRANT SELECT ON retrorig.viewers TO retrorig_viewer;
GRANT SELECT ON retrorig.about TO retrorig_publisher;
GRANT SELECT, INSERT, UPDATE ON retrorig.sites, retrorig.claims, retrorig.calibrations TO retrorig_publisher;
GRANT SELECT, INSERT, UPDATE, DELETE ON retrorig.people, retrorig.files, retrorig.sets TO retrorig_publisher;

ALTER TABLE retrorig.sites ENABLE ROW LEVEL SECURITY;
ALTER TABLE retrorig.claims ENABLE ROW LEVEL SECURITY;
ALTER TABLE retrorig.people ENABLE ROW LEVEL SECURITY;
ALTER TABLE retrorig.files ENABLE ROW LEVEL SECURITY;
ALTER TABLE retrorig.sets ENABLE ROW LEVEL SECURITY;
ALTER TABLE retrorig.calibrations ENABLE ROW LEVEL SECURITY;
ALTER TABLE retrorig.viewers ENABLE ROW LEVEL SECURITY;

-- A login publishes for the sites that it entered itself, and sees of others which sets are theirs.
DROP POLICY IF EXISTS everybody ON retrorig.sites;
DROP POLICY IF EXISTS own_new ON retrorig.sites;
DROP POLICY IF EXISTS own ON retrorig.sites;
CREATE POLICY everybody ON retrorig.sites FOR SELECT USING (true);
CREATE POLICY own_new ON retrorig.sites FOR INSERT TO retrorig_publisher WITH CHECK (login = current_user);
CREATE POLICY own ON retrorig.sites FOR UPDATE TO retrorig_publisher USING (login = current_user);
DROP POLICY IF EXISTS everybody ON retrorig.claims;
DROP POLICY IF EXISTS own_new ON retrorig.claims;
DROP POLICY IF EXISTS own ON retrorig.claims;
CREATE POLICY everybody ON retrorig.claims FOR SELECT TO retrorig_publisher USING (true);
CREATE POLICY own_new ON retrorig.claims FOR INSERT TO retrorig_publisher
    WITH CHECK (site IN (SELECT site FROM retrorig.sites WHERE login = current_user));
CREATE POLICY own ON retrorig.claims FOR UPDATE TO retrorig_publisher
    USING (site IN (SELECT site FROM retrorig.sites WHERE login = current_user));
DROP POLICY IF EXISTS own ON retrorig.people;
DROP POLICY IF EXISTS own ON retrorig.files;
DROP POLICY IF EXISTS own ON retrorig.sets;
DROP POLICY IF EXISTS own ON retrorig.calibrations;
CREATE POLICY own ON retrorig.people TO retrorig_publisher
    USING (site IN (SELECT site FROM retrorig.sites WHERE login = current_user));
CREATE POLICY own ON retrorig.files TO retrorig_publisher
    USING (site IN (SELECT site FROM retrorig.sites WHERE login = current_user));
CREATE POLICY own ON retrorig.sets TO retrorig_publisher
    USING (site IN (SELECT site FROM retrorig.sites WHERE login = current_user));
CREATE POLICY own ON retrorig.calibrations TO retrorig_publisher
    USING (site IN (SELECT site FROM retrorig.sites WHERE login = current_user));

-- A login sees what its rows in `viewers` say; nobody sees another's.
DROP POLICY IF EXISTS own ON retrorig.viewers;
DROP POLICY IF EXISTS allowed ON retrorig.sets;
DROP POLICY IF EXISTS allowed ON retrorig.people;
CREATE POLICY own ON retrorig.viewers FOR SELECT TO retrorig_viewer USING (login = current_user);
CREATE POLICY allowed ON retrorig.sets FOR SELECT TO retrorig_viewer USING (EXISTS (
    SELECT 1 FROM retrorig.viewers AS may
    WHERE may.login = current_user AND coalesce(may.site, sets.site) = sets.site
    AND coalesce(may.person, sets.person) IS NOT DISTINCT FROM sets.person
));
CREATE POLICY allowed ON retrorig.people FOR SELECT TO retrorig_viewer USING (EXISTS (
    SELECT 1 FROM retrorig.viewers AS may
    WHERE may.login = current_user AND may.with_names AND coalesce(may.site, people.site) = people.site
    AND coalesce(may.person, people.person) = people.person
));

-- Who may see anything of a site may see its rigs' calibrations; the names of those who made them are rows of `people`.
DROP POLICY IF EXISTS allowed ON retrorig.calibrations;
CREATE POLICY allowed ON retrorig.calibrations FOR SELECT TO retrorig_viewer USING (EXISTS (
    SELECT 1 FROM retrorig.viewers AS may
    WHERE may.login = current_user AND coalesce(may.site, calibrations.site) = calibrations.site
));
