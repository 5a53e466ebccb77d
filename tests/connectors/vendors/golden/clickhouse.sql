-- looking
SELECT database, name FROM system.tables WHERE database = 'crm' AND NOT is_temporary;
SELECT name, type, type LIKE 'Nullable%' FROM system.columns WHERE database = 'crm' AND table = 'orders' AND default_kind <> 'EPHEMERAL' ORDER BY position;
SELECT total_rows, total_bytes, engine, sampling_key FROM system.tables WHERE database = 'crm' AND name = 'orders';

-- full: one full scan, all of about 1,000,000 rows, 80,000,000 bytes
SELECT "id" AS "c0", "name" AS "c1", toString("amount") AS "c2", toString("born") AS "c3", toString("seen", 'UTC') AS "c4", "score" AS "c5" FROM "crm"."orders";

-- key_ranges: not offered, it can by key_hash, rows, system, first

-- key_hash: one full scan of id
SELECT "id" AS "c0", "name" AS "c1", toString("amount") AS "c2", toString("born") AS "c3", toString("seen", 'UTC') AS "c4", "score" AS "c5", reinterpretAsUInt32(reverse(substring(MD5(toString("id") || '|7'), 1, 4))) AS "unit" FROM "crm"."orders" WHERE "id" IS NOT NULL AND reinterpretAsUInt32(reverse(substring(MD5(toString("id") || '|7'), 1, 4))) < 2147483;

-- rows: one full scan of all columns, rows drawn by their hash
SELECT "id" AS "c0", "name" AS "c1", toString("amount") AS "c2", toString("born") AS "c3", toString("seen", 'UTC') AS "c4", "score" AS "c5" FROM "crm"."orders" WHERE reinterpretAsUInt32(reverse(substring(MD5('7|' || COALESCE(toString("id"), char(30)) || char(31) || COALESCE("name", char(30)) || char(31) || COALESCE(toString("amount"), char(30)) || char(31) || COALESCE(toString("born"), char(30)) || char(31) || COALESCE(toString("seen", 'UTC'), char(30)) || char(31) || COALESCE(toString("score"), char(30)) || char(31)), 1, 4))) < 2147483;

-- system: the stretch of its sampling key that holds 0.05 % of it
SELECT "id" AS "c0", "name" AS "c1", toString("amount") AS "c2", toString("born") AS "c3", toString("seen", 'UTC') AS "c4", "score" AS "c5", reinterpretAsInt64(cityHash64(intHash32(id))) AS "unit" FROM "crm"."orders" SAMPLE 0.000500000 OFFSET 0.595218042;

-- first: the first 500 rows that the server finds
SELECT "id" AS "c0", "name" AS "c1", toString("amount") AS "c2", toString("born") AS "c3", toString("seen", 'UTC') AS "c4", "score" AS "c5" FROM "crm"."orders" LIMIT 500;
