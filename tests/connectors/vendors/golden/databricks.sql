-- looking
SET STATEMENT_TIMEOUT = 300;
SET TIME ZONE 'UTC';
SELECT table_schema, table_name FROM information_schema.tables WHERE UPPER(table_schema) <> 'INFORMATION_SCHEMA' AND table_schema = 'crm';
SELECT column_name, full_data_type, is_nullable FROM information_schema.columns WHERE table_schema = 'crm' AND table_name = 'orders' ORDER BY ordinal_position;
SELECT NULL, NULL, table_type FROM information_schema.tables WHERE table_schema = 'crm' AND table_name = 'orders';
SELECT COUNT(*) FROM `crm`.`orders`;
SELECT k.column_name FROM information_schema.table_constraints t JOIN information_schema.key_column_usage k ON k.constraint_schema = t.constraint_schema AND k.constraint_name = t.constraint_name AND k.table_schema = t.table_schema AND k.table_name = t.table_name WHERE t.table_schema = 'crm' AND t.table_name = 'orders' AND t.constraint_type = 'PRIMARY KEY' ORDER BY k.ordinal_position;
SELECT filter_name FROM information_schema.row_filters WHERE table_schema = 'crm' AND table_name = 'orders';

-- full: one full scan, all of about 1,000,000 rows
SET STATEMENT_TIMEOUT = 300;
SET TIME ZONE 'UTC';
SELECT `id` AS `c0`, `name` AS `c1`, CAST(`amount` AS STRING) AS `c2`, CAST(`born` AS STRING) AS `c3`, CAST(`seen` AS STRING) AS `c4`, `score` AS `c5` FROM `crm`.`orders`;

-- key_ranges: not offered, it can by key_hash, rows, first

-- key_hash: one full scan of id
SET STATEMENT_TIMEOUT = 300;
SET TIME ZONE 'UTC';
SELECT `id` AS `c0`, `name` AS `c1`, CAST(`amount` AS STRING) AS `c2`, CAST(`born` AS STRING) AS `c3`, CAST(`seen` AS STRING) AS `c4`, `score` AS `c5`, CAST(CONV(SUBSTR(MD5(CAST(`id` AS STRING) || '|7'), 1, 8), 16, 10) AS BIGINT) AS `unit` FROM `crm`.`orders` WHERE `id` IS NOT NULL AND CAST(CONV(SUBSTR(MD5(CAST(`id` AS STRING) || '|7'), 1, 8), 16, 10) AS BIGINT) < 2147483;

-- rows: one full scan, rows drawn one by one
SET STATEMENT_TIMEOUT = 300;
SET TIME ZONE 'UTC';
SELECT `id` AS `c0`, `name` AS `c1`, CAST(`amount` AS STRING) AS `c2`, CAST(`born` AS STRING) AS `c3`, CAST(`seen` AS STRING) AS `c4`, `score` AS `c5` FROM `crm`.`orders` TABLESAMPLE (0.05 PERCENT) REPEATABLE (1201337563);

-- system: not offered, it can by key_hash, rows, first

-- first: the first 500 rows that the server finds
SET STATEMENT_TIMEOUT = 300;
SET TIME ZONE 'UTC';
SELECT `id` AS `c0`, `name` AS `c1`, CAST(`amount` AS STRING) AS `c2`, CAST(`born` AS STRING) AS `c3`, CAST(`seen` AS STRING) AS `c4`, `score` AS `c5` FROM `crm`.`orders` LIMIT 500;
