-- Weekly load by site: sets, minutes with the belt in motion, metres backward, work. One SQL for DuckDB and Spark.
SELECT site, CAST(date_trunc('week', try_cast(date AS DATE)) AS DATE) AS week, count(*) AS sets,
    sum(moving_s) / 60 AS minutes, sum(reached_m) AS metres, sum(joules) / 1000 AS kilojoules
FROM (
    SELECT site, date, set_id, max(distance_m) AS reached_m, sum(step_s) FILTER (WHERE speed_mps > 0.05) AS moving_s,
        sum(power_w * step_s) AS joules
    FROM (
        SELECT *, CAST(time_s AS DOUBLE) - lag(CAST(time_s AS DOUBLE)) OVER (PARTITION BY set_id ORDER BY time_s) AS step_s
        FROM samples
    ) AS stepped GROUP BY site, date, set_id
) AS each_set
WHERE try_cast(date AS DATE) IS NOT NULL
GROUP BY site, CAST(date_trunc('week', try_cast(date AS DATE)) AS DATE) ORDER BY site, week
