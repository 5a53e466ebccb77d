-- looking
SET statement_timeout TO 300000;
SET query_group TO 'walkaround';
SET timezone TO 'UTC';
SET datestyle TO 'ISO';
SET extra_float_digits TO 2;
BEGIN READ ONLY;
SELECT schema_name, table_name FROM svv_all_tables WHERE database_name = CURRENT_DATABASE() AND schema_name NOT LIKE 'pg\\_%' AND schema_name <> 'information_schema';
SELECT column_name, CASE WHEN data_type = 'numeric' THEN 'numeric(' || numeric_precision || ',' || numeric_scale || ')' ELSE data_type END, is_nullable FROM svv_all_columns WHERE database_name = CURRENT_DATABASE() AND schema_name = 'public' AND table_name = 'orders' ORDER BY ordinal_position;
SELECT CAST(c.reltuples AS BIGINT), NULL, CASE c.relkind WHEN 'v' THEN 'VIEW' ELSE 'TABLE' END FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'public' AND c.relname = 'orders';
SELECT k.column_name FROM information_schema.table_constraints t JOIN information_schema.key_column_usage k ON k.constraint_schema = t.constraint_schema AND k.constraint_name = t.constraint_name AND k.table_schema = t.table_schema AND k.table_name = t.table_name WHERE t.table_schema = 'public' AND t.table_name = 'orders' AND t.constraint_type = 'PRIMARY KEY' ORDER BY k.ordinal_position;
ROLLBACK;

-- full: one full scan, all of about 1,000,000 rows
SET statement_timeout TO 300000;
SET query_group TO 'walkaround';
SET timezone TO 'UTC';
SET datestyle TO 'ISO';
SET extra_float_digits TO 2;
BEGIN READ ONLY;
SELECT CAST("id" AS VARCHAR(65535)) AS "c0", "name" AS "c1", CAST("amount" AS VARCHAR(65535)) AS "c2", CAST("born" AS VARCHAR(65535)) AS "c3", CAST("seen" AS VARCHAR(65535)) AS "c4", CAST("score" AS VARCHAR(65535)) AS "c5" FROM "public"."orders";
ROLLBACK;

-- key_ranges: not offered, it can by key_hash, rows, first

-- key_hash: one full scan of id
SET statement_timeout TO 300000;
SET query_group TO 'walkaround';
SET timezone TO 'UTC';
SET datestyle TO 'ISO';
SET extra_float_digits TO 2;
BEGIN READ ONLY;
SELECT CAST("id" AS VARCHAR(65535)) AS "c0", "name" AS "c1", CAST("amount" AS VARCHAR(65535)) AS "c2", CAST("born" AS VARCHAR(65535)) AS "c3", CAST("seen" AS VARCHAR(65535)) AS "c4", CAST("score" AS VARCHAR(65535)) AS "c5", STRTOL(SUBSTRING(MD5(CAST("id" AS VARCHAR(65535)) || '|7'), 1, 8), 16) AS "unit" FROM "public"."orders" WHERE "id" IS NOT NULL AND STRTOL(SUBSTRING(MD5(CAST("id" AS VARCHAR(65535)) || '|7'), 1, 8), 16) < 2147483;
ROLLBACK;

-- rows: one full scan of all columns, rows drawn by their hash
SET statement_timeout TO 300000;
SET query_group TO 'walkaround';
SET timezone TO 'UTC';
SET datestyle TO 'ISO';
SET extra_float_digits TO 2;
BEGIN READ ONLY;
SELECT CAST("id" AS VARCHAR(65535)) AS "c0", "name" AS "c1", CAST("amount" AS VARCHAR(65535)) AS "c2", CAST("born" AS VARCHAR(65535)) AS "c3", CAST("seen" AS VARCHAR(65535)) AS "c4", CAST("score" AS VARCHAR(65535)) AS "c5" FROM "public"."orders" WHERE STRTOL(SUBSTRING(MD5('7|' || COALESCE(CAST("id" AS VARCHAR(65535)), CHR(30)) || CHR(31) || COALESCE("name", CHR(30)) || CHR(31) || COALESCE(CAST("amount" AS VARCHAR(65535)), CHR(30)) || CHR(31) || COALESCE(CAST("born" AS VARCHAR(65535)), CHR(30)) || CHR(31) || COALESCE(CAST("seen" AS VARCHAR(65535)), CHR(30)) || CHR(31) || COALESCE(CAST("score" AS VARCHAR(65535)), CHR(30)) || CHR(31)), 1, 8), 16) < 2147483;
ROLLBACK;

-- system: not offered, it can by key_hash, rows, first

-- first: the first 500 rows that the server finds
SET statement_timeout TO 300000;
SET query_group TO 'walkaround';
SET timezone TO 'UTC';
SET datestyle TO 'ISO';
SET extra_float_digits TO 2;
BEGIN READ ONLY;
SELECT CAST("id" AS VARCHAR(65535)) AS "c0", "name" AS "c1", CAST("amount" AS VARCHAR(65535)) AS "c2", CAST("born" AS VARCHAR(65535)) AS "c3", CAST("seen" AS VARCHAR(65535)) AS "c4", CAST("score" AS VARCHAR(65535)) AS "c5" FROM "public"."orders" LIMIT 500;
ROLLBACK;
