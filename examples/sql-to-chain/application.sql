-- Which services fail too often: an application of Kinesis Data Analytics for SQL over a stream of requests.
-- The stream's schema is ("event_time" TIMESTAMP, "service" VARCHAR(32), "status" INTEGER, "latency_ms" INTEGER).

CREATE OR REPLACE STREAM "REQUESTS_PER_MINUTE" (
    "service"     VARCHAR(32),
    "minute"      TIMESTAMP,
    "requests"    INTEGER,
    "errors"      INTEGER,
    "slowest_ms"  INTEGER,
    "mean_ms"     DOUBLE
);

CREATE OR REPLACE PUMP "COUNT_PUMP" AS
INSERT INTO "REQUESTS_PER_MINUTE"
SELECT STREAM
    "service",
    STEP("SOURCE_SQL_STREAM_001"."event_time" BY INTERVAL '60' SECOND) AS "minute",
    COUNT(*) AS "requests",
    SUM(CASE WHEN "status" >= 500 THEN 1 ELSE 0 END) AS "errors",
    MAX("latency_ms") AS "slowest_ms",
    AVG(CAST("latency_ms" AS DOUBLE)) AS "mean_ms"
FROM "SOURCE_SQL_STREAM_001"
WHERE "service" <> 'health'
GROUP BY
    "service",
    STEP("SOURCE_SQL_STREAM_001".ROWTIME BY INTERVAL '60' SECOND),
    STEP("SOURCE_SQL_STREAM_001"."event_time" BY INTERVAL '60' SECOND);

CREATE OR REPLACE STREAM "DESTINATION_SQL_STREAM" (
    "service"        VARCHAR(32),
    "minute"         TIMESTAMP,
    "requests"       INTEGER,
    "errors"         INTEGER,
    "error_percent"  DOUBLE,
    "slowest_ms"     INTEGER,
    "mean_ms"        DOUBLE
);

CREATE OR REPLACE PUMP "ALARM_PUMP" AS
INSERT INTO "DESTINATION_SQL_STREAM"
SELECT STREAM
    "service",
    "minute",
    "requests",
    "errors",
    100.0 * "errors" / "requests" AS "error_percent",
    "slowest_ms",
    "mean_ms"
FROM "REQUESTS_PER_MINUTE"
WHERE "errors" * 20 > "requests";
