-- Drag of every rig by month: the pull at a standstill and what each metre a second adds, by the line through all samples
-- of steady walking; a belt that ages shows as a line that rises. One SQL for DuckDB and Spark.
SELECT site, rig, substr(date, 1, 7) AS year_month, count(*) AS samples,
    regr_intercept(CAST(force_n AS DOUBLE), CAST(speed_mps AS DOUBLE)) AS drag_n,
    regr_slope(CAST(force_n AS DOUBLE), CAST(speed_mps AS DOUBLE)) AS drag_ns_per_m
FROM samples WHERE speed_mps > 0.3 AND force_n IS NOT NULL
GROUP BY site, rig, substr(date, 1, 7) ORDER BY site, rig, year_month
