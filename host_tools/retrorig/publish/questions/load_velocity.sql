-- Load-velocity points: each set's mean pull and mean speed while the belt moved, by person; whose points fall on a line
-- from strong and slow to light and fast has a profile. One SQL for DuckDB and Spark.
SELECT site, athlete, set_id, min(date) AS date, avg(force_n) AS pull_n, avg(speed_mps) AS speed_mps, avg(power_w) AS power_w
FROM samples WHERE speed_mps > 0.3 AND force_n IS NOT NULL
GROUP BY site, athlete, set_id ORDER BY site, athlete, set_id
