-- looking
ALTER SESSION SET NLS_NUMERIC_CHARACTERS = '.,';
ALTER SESSION SET TIME_ZONE = '+00:00';
SET TRANSACTION READ ONLY;
SELECT DISTINCT owner, object_name FROM all_objects WHERE object_type IN ('TABLE', 'VIEW', 'MATERIALIZED VIEW') AND object_name NOT LIKE 'BIN$%' AND owner NOT IN (SELECT username FROM all_users WHERE oracle_maintained = 'Y');
SELECT column_name, CASE WHEN data_type_owner IS NOT NULL AND data_type <> 'XMLTYPE' THEN 'OBJECT' WHEN data_type = 'NUMBER' AND data_scale IS NOT NULL THEN 'NUMBER(' || COALESCE(data_precision, 38) || ',' || data_scale || ')' ELSE data_type END, nullable FROM all_tab_columns WHERE owner = 'SALES' AND table_name = 'ORDERS' ORDER BY column_id;
SELECT t.num_rows, t.num_rows * t.avg_row_len, o.object_type FROM all_objects o LEFT JOIN all_tables t ON t.owner = o.owner AND t.table_name = o.object_name WHERE o.owner = 'SALES' AND o.object_name = 'ORDERS' AND o.object_type IN ('TABLE', 'VIEW') ORDER BY o.object_type;
SELECT c.column_name FROM all_constraints a JOIN all_cons_columns c ON c.owner = a.owner AND c.constraint_name = a.constraint_name WHERE a.constraint_type = 'P' AND a.owner = 'SALES' AND a.table_name = 'ORDERS' ORDER BY c.position;
SELECT policy_name FROM all_policies WHERE object_owner = 'SALES' AND object_name = 'ORDERS' AND sel = 'YES' AND enable = 'YES';
SELECT a.constraint_name, c.column_name, r.owner || '.' || r.table_name, r.column_name FROM all_constraints a JOIN all_cons_columns c ON c.owner = a.owner AND c.constraint_name = a.constraint_name JOIN all_cons_columns r ON r.owner = a.r_owner AND r.constraint_name = a.r_constraint_name AND r.position = c.position WHERE a.constraint_type = 'R' AND a.owner = 'SALES' AND a.table_name = 'ORDERS' ORDER BY a.constraint_name, c.position;
ROLLBACK;

-- full: one full scan, all of about 1,000,000 rows, 80,000,000 bytes
ALTER SESSION SET NLS_NUMERIC_CHARACTERS = '.,';
ALTER SESSION SET TIME_ZONE = '+00:00';
SET TRANSACTION READ ONLY;
SELECT TO_CHAR("ID", 'TM9') AS "c0", "NAME" AS "c1", TO_CHAR("AMOUNT", 'TM9') AS "c2", LTRIM(TO_CHAR("BORN", 'SYYYY-MM-DD HH24:MI:SS')) AS "c3", LTRIM(TO_CHAR("SEEN", 'SYYYY-MM-DD HH24:MI:SS.FF')) AS "c4", "SCORE" AS "c5" FROM "SALES"."ORDERS";
ROLLBACK;

-- key_ranges: not offered, it can by key_hash, rows, system, first

-- key_hash: one full scan of ID
ALTER SESSION SET NLS_NUMERIC_CHARACTERS = '.,';
ALTER SESSION SET TIME_ZONE = '+00:00';
SET TRANSACTION READ ONLY;
SELECT TO_CHAR("ID", 'TM9') AS "c0", "NAME" AS "c1", TO_CHAR("AMOUNT", 'TM9') AS "c2", LTRIM(TO_CHAR("BORN", 'SYYYY-MM-DD HH24:MI:SS')) AS "c3", LTRIM(TO_CHAR("SEEN", 'SYYYY-MM-DD HH24:MI:SS.FF')) AS "c4", "SCORE" AS "c5", TO_NUMBER(SUBSTR(RAWTOHEX(STANDARD_HASH(TO_CHAR("ID", 'TM9') || '|7', 'MD5')), 1, 8), 'XXXXXXXX') AS "unit" FROM "SALES"."ORDERS" WHERE "ID" IS NOT NULL AND TO_NUMBER(SUBSTR(RAWTOHEX(STANDARD_HASH(TO_CHAR("ID", 'TM9') || '|7', 'MD5')), 1, 8), 'XXXXXXXX') < 2147483;
ROLLBACK;

-- rows: one full scan, rows drawn one by one
ALTER SESSION SET NLS_NUMERIC_CHARACTERS = '.,';
ALTER SESSION SET TIME_ZONE = '+00:00';
SET TRANSACTION READ ONLY;
SELECT TO_CHAR("ID", 'TM9') AS "c0", "NAME" AS "c1", TO_CHAR("AMOUNT", 'TM9') AS "c2", LTRIM(TO_CHAR("BORN", 'SYYYY-MM-DD HH24:MI:SS')) AS "c3", LTRIM(TO_CHAR("SEEN", 'SYYYY-MM-DD HH24:MI:SS.FF')) AS "c4", "SCORE" AS "c5" FROM "SALES"."ORDERS" SAMPLE (0.05) SEED (516340520);
ROLLBACK;

-- system: blocks of the engine's choice
ALTER SESSION SET NLS_NUMERIC_CHARACTERS = '.,';
ALTER SESSION SET TIME_ZONE = '+00:00';
SET TRANSACTION READ ONLY;
SELECT TO_CHAR("ID", 'TM9') AS "c0", "NAME" AS "c1", TO_CHAR("AMOUNT", 'TM9') AS "c2", LTRIM(TO_CHAR("BORN", 'SYYYY-MM-DD HH24:MI:SS')) AS "c3", LTRIM(TO_CHAR("SEEN", 'SYYYY-MM-DD HH24:MI:SS.FF')) AS "c4", "SCORE" AS "c5", DBMS_ROWID.ROWID_RELATIVE_FNO(ROWID) * 4294967296 + DBMS_ROWID.ROWID_BLOCK_NUMBER(ROWID) AS "unit" FROM "SALES"."ORDERS" SAMPLE BLOCK (0.05) SEED (516340520);
ROLLBACK;

-- first: the first 500 rows that the server finds
ALTER SESSION SET NLS_NUMERIC_CHARACTERS = '.,';
ALTER SESSION SET TIME_ZONE = '+00:00';
SET TRANSACTION READ ONLY;
SELECT TO_CHAR("ID", 'TM9') AS "c0", "NAME" AS "c1", TO_CHAR("AMOUNT", 'TM9') AS "c2", LTRIM(TO_CHAR("BORN", 'SYYYY-MM-DD HH24:MI:SS')) AS "c3", LTRIM(TO_CHAR("SEEN", 'SYYYY-MM-DD HH24:MI:SS.FF')) AS "c4", "SCORE" AS "c5" FROM "SALES"."ORDERS" FETCH FIRST 500 ROWS ONLY;
ROLLBACK;
