-- looking
GET datasets/crm/tables;
GET datasets/crm/tables/orders;
DRY RUN SELECT `id` AS `c0`, `name` AS `c1`, CAST(`amount` AS STRING) AS `c2`, `born` AS `c3`, FORMAT_DATETIME('%F %H:%M:%E6S', `seen`) AS `c4`, `score` AS `c5` FROM `crm`.`orders`;

-- full: one full scan, all of about 1,000,000 rows, 80,000,000 bytes; 4,194,304 bytes billed, as a dry run tells
SELECT `id` AS `c0`, `name` AS `c1`, CAST(`amount` AS STRING) AS `c2`, `born` AS `c3`, FORMAT_DATETIME('%F %H:%M:%E6S', `seen`) AS `c4`, `score` AS `c5` FROM `crm`.`orders`;

-- key_ranges: not offered, it can by key_hash, rows, system, first

-- key_hash: one full scan of id; 4,194,304 bytes billed, as a dry run tells
SELECT `id` AS `c0`, `name` AS `c1`, CAST(`amount` AS STRING) AS `c2`, `born` AS `c3`, FORMAT_DATETIME('%F %H:%M:%E6S', `seen`) AS `c4`, `score` AS `c5`, CAST(CONCAT('0x', SUBSTR(TO_HEX(MD5(CAST(`id` AS STRING) || '|7')), 1, 8)) AS INT64) AS `unit` FROM `crm`.`orders` WHERE `id` IS NOT NULL AND CAST(CONCAT('0x', SUBSTR(TO_HEX(MD5(CAST(`id` AS STRING) || '|7')), 1, 8)) AS INT64) < 2147483;

-- rows: one full scan of all columns, rows drawn by their hash; 4,194,304 bytes billed, as a dry run tells
SELECT `id` AS `c0`, `name` AS `c1`, CAST(`amount` AS STRING) AS `c2`, `born` AS `c3`, FORMAT_DATETIME('%F %H:%M:%E6S', `seen`) AS `c4`, `score` AS `c5` FROM `crm`.`orders` WHERE CAST(CONCAT('0x', SUBSTR(TO_HEX(MD5('7|' || COALESCE(CAST(`id` AS STRING), CHR(30)) || CHR(31) || COALESCE(`name`, CHR(30)) || CHR(31) || COALESCE(CAST(`amount` AS STRING), CHR(30)) || CHR(31) || COALESCE(CAST(`born` AS STRING), CHR(30)) || CHR(31) || COALESCE(FORMAT_DATETIME('%F %H:%M:%E6S', `seen`), CHR(30)) || CHR(31) || COALESCE(CAST(`score` AS STRING), CHR(30)) || CHR(31))), 1, 8)) AS INT64) < 2147483;

-- system: blocks of the engine's choice; 4,194,304 bytes billed, as a dry run tells
SELECT `id` AS `c0`, `name` AS `c1`, CAST(`amount` AS STRING) AS `c2`, `born` AS `c3`, FORMAT_DATETIME('%F %H:%M:%E6S', `seen`) AS `c4`, `score` AS `c5` FROM `crm`.`orders` TABLESAMPLE SYSTEM (0.05 PERCENT);

-- first: the first 500 rows that the server finds; 4,194,304 bytes billed, as a dry run tells
SELECT `id` AS `c0`, `name` AS `c1`, CAST(`amount` AS STRING) AS `c2`, `born` AS `c3`, FORMAT_DATETIME('%F %H:%M:%E6S', `seen`) AS `c4`, `score` AS `c5` FROM `crm`.`orders` LIMIT 500;
