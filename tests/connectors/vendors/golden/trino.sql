-- looking
SELECT table_schema, table_name FROM information_schema.tables WHERE UPPER(table_schema) <> 'INFORMATION_SCHEMA' AND table_schema = 'crm';
SELECT column_name, data_type, is_nullable FROM information_schema.columns WHERE table_schema = 'crm' AND table_name = 'orders' ORDER BY ordinal_position;
SELECT NULL, NULL, table_type FROM information_schema.tables WHERE table_schema = 'crm' AND table_name = 'orders';
SELECT COUNT(*) FROM "crm"."orders";

-- full: one full scan, all of about 1,000,000 rows
SELECT CAST("id" AS VARCHAR) AS "c0", "name" AS "c1", CAST("amount" AS VARCHAR) AS "c2", CAST("born" AS VARCHAR) AS "c3", CAST("seen" AS VARCHAR) AS "c4", CAST("score" AS VARCHAR) AS "c5" FROM "crm"."orders";

-- key_ranges: not offered, it can by key_hash, rows, system, first

-- key_hash: one full scan of id
SELECT CAST("id" AS VARCHAR) AS "c0", "name" AS "c1", CAST("amount" AS VARCHAR) AS "c2", CAST("born" AS VARCHAR) AS "c3", CAST("seen" AS VARCHAR) AS "c4", CAST("score" AS VARCHAR) AS "c5", FROM_BASE(SUBSTR(TO_HEX(MD5(TO_UTF8(CAST("id" AS VARCHAR) || '|7'))), 1, 8), 16) AS "unit" FROM "crm"."orders" WHERE "id" IS NOT NULL AND FROM_BASE(SUBSTR(TO_HEX(MD5(TO_UTF8(CAST("id" AS VARCHAR) || '|7'))), 1, 8), 16) < 2147483;

-- rows: one full scan of all columns, rows drawn by their hash
SELECT CAST("id" AS VARCHAR) AS "c0", "name" AS "c1", CAST("amount" AS VARCHAR) AS "c2", CAST("born" AS VARCHAR) AS "c3", CAST("seen" AS VARCHAR) AS "c4", CAST("score" AS VARCHAR) AS "c5" FROM "crm"."orders" WHERE FROM_BASE(SUBSTR(TO_HEX(MD5(TO_UTF8('7|' || COALESCE(CAST("id" AS VARCHAR), CHR(30)) || CHR(31) || COALESCE("name", CHR(30)) || CHR(31) || COALESCE(CAST("amount" AS VARCHAR), CHR(30)) || CHR(31) || COALESCE(CAST("born" AS VARCHAR), CHR(30)) || CHR(31) || COALESCE(CAST("seen" AS VARCHAR), CHR(30)) || CHR(31) || COALESCE(CAST("score" AS VARCHAR), CHR(30)) || CHR(31)))), 1, 8), 16) < 2147483;

-- system: blocks of the engine's choice
SELECT CAST("id" AS VARCHAR) AS "c0", "name" AS "c1", CAST("amount" AS VARCHAR) AS "c2", CAST("born" AS VARCHAR) AS "c3", CAST("seen" AS VARCHAR) AS "c4", CAST("score" AS VARCHAR) AS "c5" FROM "crm"."orders" TABLESAMPLE SYSTEM (0.05);

-- first: the first 500 rows that the server finds
SELECT CAST("id" AS VARCHAR) AS "c0", "name" AS "c1", CAST("amount" AS VARCHAR) AS "c2", CAST("born" AS VARCHAR) AS "c3", CAST("seen" AS VARCHAR) AS "c4", CAST("score" AS VARCHAR) AS "c5" FROM "crm"."orders" LIMIT 500;
