-- looking
SET NOCOUNT ON;
SET LOCK_TIMEOUT 5000;
SET DEADLOCK_PRIORITY LOW;
IF EXISTS (SELECT 1 FROM sys.databases WHERE database_id = DB_ID() AND snapshot_isolation_state = 1) SET TRANSACTION ISOLATION LEVEL SNAPSHOT;
SELECT s.name, o.name FROM sys.objects o JOIN sys.schemas s ON s.schema_id = o.schema_id WHERE o.type IN ('U', 'V') AND o.is_ms_shipped = 0;
SELECT c.name, CASE WHEN TYPE_NAME(c.system_type_id) IN ('decimal', 'numeric') THEN CONCAT(TYPE_NAME(c.system_type_id), '(', c.precision, ',', c.scale, ')') ELSE COALESCE(TYPE_NAME(c.system_type_id), TYPE_NAME(c.user_type_id)) END, c.is_nullable, HAS_PERMS_BY_NAME(QUOTENAME(s.name) + '.' + QUOTENAME(o.name), 'OBJECT', 'SELECT', c.name, 'COLUMN') FROM sys.objects o JOIN sys.schemas s ON s.schema_id = o.schema_id JOIN sys.columns c ON c.object_id = o.object_id WHERE s.name = 'dbo' AND o.name = 'orders' ORDER BY c.column_id;
SELECT SUM(p.rows), NULL, MAX(o.type_desc) FROM sys.objects o JOIN sys.schemas s ON s.schema_id = o.schema_id LEFT JOIN sys.partitions p ON p.object_id = o.object_id AND p.index_id IN (0, 1) WHERE s.name = 'dbo' AND o.name = 'orders';
SELECT c.name FROM sys.objects o JOIN sys.schemas s ON s.schema_id = o.schema_id JOIN sys.indexes i ON i.object_id = o.object_id AND i.is_primary_key = 1 JOIN sys.index_columns k ON k.object_id = o.object_id AND k.index_id = i.index_id JOIN sys.columns c ON c.object_id = o.object_id AND c.column_id = k.column_id WHERE s.name = 'dbo' AND o.name = 'orders' ORDER BY k.key_ordinal;
SELECT p.predicate_type_desc FROM sys.objects o JOIN sys.schemas s ON s.schema_id = o.schema_id JOIN sys.security_predicates p ON p.target_object_id = o.object_id JOIN sys.security_policies y ON y.object_id = p.object_id AND y.is_enabled = 1 WHERE s.name = 'dbo' AND o.name = 'orders' AND p.predicate_type_desc = 'FILTER';
SELECT MIN([id]), MAX([id]) FROM [dbo].[orders];
SELECT f.name, COL_NAME(k.parent_object_id, k.parent_column_id), CONCAT(OBJECT_SCHEMA_NAME(k.referenced_object_id), '.', OBJECT_NAME(k.referenced_object_id)), COL_NAME(k.referenced_object_id, k.referenced_column_id) FROM sys.objects o JOIN sys.schemas s ON s.schema_id = o.schema_id JOIN sys.foreign_keys f ON f.parent_object_id = o.object_id JOIN sys.foreign_key_columns k ON k.constraint_object_id = f.object_id WHERE s.name = 'dbo' AND o.name = 'orders' ORDER BY f.name, k.constraint_column_id;
IF @@TRANCOUNT > 0 ROLLBACK TRANSACTION;

-- full: one full scan, all of about 1,000,000 rows
SET NOCOUNT ON;
SET LOCK_TIMEOUT 5000;
SET DEADLOCK_PRIORITY LOW;
IF EXISTS (SELECT 1 FROM sys.databases WHERE database_id = DB_ID() AND snapshot_isolation_state = 1) SET TRANSACTION ISOLATION LEVEL SNAPSHOT;
SELECT [id] AS [c0], [name] AS [c1], CAST([amount] AS varchar(50)) AS [c2], [born] AS [c3], CONVERT(varchar(40), [seen], 121) AS [c4], [score] AS [c5] FROM [dbo].[orders];
IF @@TRANCOUNT > 0 ROLLBACK TRANSACTION;

-- key_ranges: 100 ranges of 10 keys in its index, about 1,000 rows
SET NOCOUNT ON;
SET LOCK_TIMEOUT 5000;
SET DEADLOCK_PRIORITY LOW;
IF EXISTS (SELECT 1 FROM sys.databases WHERE database_id = DB_ID() AND snapshot_isolation_state = 1) SET TRANSACTION ISOLATION LEVEL SNAPSHOT;
SELECT [id] AS [c0], [name] AS [c1], CAST([amount] AS varchar(50)) AS [c2], [born] AS [c3], CONVERT(varchar(40), [seen], 121) AS [c4], [score] AS [c5], [id] AS [unit] FROM [dbo].[orders] WHERE ([id] BETWEEN 5831 AND 5840 OR [id] BETWEEN 83041 AND 83050 OR [id] BETWEEN 162781 AND 162790 OR [id] BETWEEN 244411 AND 244420 OR [id] BETWEEN 321791 AND 321800 OR [id] BETWEEN 404311 AND 404320 OR [id] BETWEEN 486161 AND 486170 OR [id] BETWEEN 566341 AND 566350 OR [id] BETWEEN 641811 AND 641820 OR [id] BETWEEN 723691 AND 723700 OR [id] BETWEEN 803561 AND 803570 OR [id] BETWEEN 884091 AND 884100 OR [id] BETWEEN 966341 AND 966350) AND CONVERT(bigint, SUBSTRING(HASHBYTES('MD5', CAST(CAST([id] AS varchar(50)) + '|7' AS varchar(8000))), 1, 4)) < 2147483648;
SELECT [id] AS [c0], [name] AS [c1], CAST([amount] AS varchar(50)) AS [c2], [born] AS [c3], CONVERT(varchar(40), [seen], 121) AS [c4], [score] AS [c5], [id] AS [unit] FROM [dbo].[orders] WHERE ([id] BETWEEN 17301 AND 17310 OR [id] BETWEEN 99971 AND 99980 OR [id] BETWEEN 172531 AND 172540 OR [id] BETWEEN 256831 AND 256840 OR [id] BETWEEN 339391 AND 339400 OR [id] BETWEEN 412281 AND 412290 OR [id] BETWEEN 494161 AND 494170 OR [id] BETWEEN 579401 AND 579410 OR [id] BETWEEN 657151 AND 657160 OR [id] BETWEEN 730481 AND 730490 OR [id] BETWEEN 819461 AND 819470 OR [id] BETWEEN 898161 AND 898170 OR [id] BETWEEN 975391 AND 975400) AND CONVERT(bigint, SUBSTRING(HASHBYTES('MD5', CAST(CAST([id] AS varchar(50)) + '|7' AS varchar(8000))), 1, 4)) < 2147483648;
SELECT [id] AS [c0], [name] AS [c1], CAST([amount] AS varchar(50)) AS [c2], [born] AS [c3], CONVERT(varchar(40), [seen], 121) AS [c4], [score] AS [c5], [id] AS [unit] FROM [dbo].[orders] WHERE ([id] BETWEEN 28291 AND 28300 OR [id] BETWEEN 104621 AND 104630 OR [id] BETWEEN 188631 AND 188640 OR [id] BETWEEN 261431 AND 261440 OR [id] BETWEEN 347011 AND 347020 OR [id] BETWEEN 420691 AND 420700 OR [id] BETWEEN 505101 AND 505110 OR [id] BETWEEN 589001 AND 589010 OR [id] BETWEEN 660621 AND 660630 OR [id] BETWEEN 742781 AND 742790 OR [id] BETWEEN 823751 AND 823760 OR [id] BETWEEN 903861 AND 903870 OR [id] BETWEEN 986741 AND 986750) AND CONVERT(bigint, SUBSTRING(HASHBYTES('MD5', CAST(CAST([id] AS varchar(50)) + '|7' AS varchar(8000))), 1, 4)) < 2147483648;
SELECT [id] AS [c0], [name] AS [c1], CAST([amount] AS varchar(50)) AS [c2], [born] AS [c3], CONVERT(varchar(40), [seen], 121) AS [c4], [score] AS [c5], [id] AS [unit] FROM [dbo].[orders] WHERE ([id] BETWEEN 31101 AND 31110 OR [id] BETWEEN 118071 AND 118080 OR [id] BETWEEN 197391 AND 197400 OR [id] BETWEEN 279931 AND 279940 OR [id] BETWEEN 353341 AND 353350 OR [id] BETWEEN 439181 AND 439190 OR [id] BETWEEN 511141 AND 511150 OR [id] BETWEEN 594601 AND 594610 OR [id] BETWEEN 678741 AND 678750 OR [id] BETWEEN 756961 AND 756970 OR [id] BETWEEN 835811 AND 835820 OR [id] BETWEEN 914131 AND 914140 OR [id] BETWEEN 998841 AND 998850) AND CONVERT(bigint, SUBSTRING(HASHBYTES('MD5', CAST(CAST([id] AS varchar(50)) + '|7' AS varchar(8000))), 1, 4)) < 2147483648;
SELECT [id] AS [c0], [name] AS [c1], CAST([amount] AS varchar(50)) AS [c2], [born] AS [c3], CONVERT(varchar(40), [seen], 121) AS [c4], [score] AS [c5], [id] AS [unit] FROM [dbo].[orders] WHERE ([id] BETWEEN 46521 AND 46530 OR [id] BETWEEN 128231 AND 128240 OR [id] BETWEEN 204611 AND 204620 OR [id] BETWEEN 288841 AND 288850 OR [id] BETWEEN 362811 AND 362820 OR [id] BETWEEN 449491 AND 449500 OR [id] BETWEEN 529751 AND 529760 OR [id] BETWEEN 608521 AND 608530 OR [id] BETWEEN 683941 AND 683950 OR [id] BETWEEN 760731 AND 760740 OR [id] BETWEEN 848671 AND 848680 OR [id] BETWEEN 920591 AND 920600) AND CONVERT(bigint, SUBSTRING(HASHBYTES('MD5', CAST(CAST([id] AS varchar(50)) + '|7' AS varchar(8000))), 1, 4)) < 2147483648;
SELECT [id] AS [c0], [name] AS [c1], CAST([amount] AS varchar(50)) AS [c2], [born] AS [c3], CONVERT(varchar(40), [seen], 121) AS [c4], [score] AS [c5], [id] AS [unit] FROM [dbo].[orders] WHERE ([id] BETWEEN 51261 AND 51270 OR [id] BETWEEN 136961 AND 136970 OR [id] BETWEEN 213421 AND 213430 OR [id] BETWEEN 297291 AND 297300 OR [id] BETWEEN 370931 AND 370940 OR [id] BETWEEN 457221 AND 457230 OR [id] BETWEEN 533681 AND 533690 OR [id] BETWEEN 614041 AND 614050 OR [id] BETWEEN 698811 AND 698820 OR [id] BETWEEN 779681 AND 779690 OR [id] BETWEEN 851511 AND 851520 OR [id] BETWEEN 930071 AND 930080) AND CONVERT(bigint, SUBSTRING(HASHBYTES('MD5', CAST(CAST([id] AS varchar(50)) + '|7' AS varchar(8000))), 1, 4)) < 2147483648;
SELECT [id] AS [c0], [name] AS [c1], CAST([amount] AS varchar(50)) AS [c2], [born] AS [c3], CONVERT(varchar(40), [seen], 121) AS [c4], [score] AS [c5], [id] AS [unit] FROM [dbo].[orders] WHERE ([id] BETWEEN 65891 AND 65900 OR [id] BETWEEN 145211 AND 145220 OR [id] BETWEEN 220361 AND 220370 OR [id] BETWEEN 300161 AND 300170 OR [id] BETWEEN 381081 AND 381090 OR [id] BETWEEN 462241 AND 462250 OR [id] BETWEEN 549341 AND 549350 OR [id] BETWEEN 628141 AND 628150 OR [id] BETWEEN 709921 AND 709930 OR [id] BETWEEN 788581 AND 788590 OR [id] BETWEEN 869571 AND 869580 OR [id] BETWEEN 944721 AND 944730) AND CONVERT(bigint, SUBSTRING(HASHBYTES('MD5', CAST(CAST([id] AS varchar(50)) + '|7' AS varchar(8000))), 1, 4)) < 2147483648;
SELECT [id] AS [c0], [name] AS [c1], CAST([amount] AS varchar(50)) AS [c2], [born] AS [c3], CONVERT(varchar(40), [seen], 121) AS [c4], [score] AS [c5], [id] AS [unit] FROM [dbo].[orders] WHERE ([id] BETWEEN 79271 AND 79280 OR [id] BETWEEN 155411 AND 155420 OR [id] BETWEEN 236071 AND 236080 OR [id] BETWEEN 319831 AND 319840 OR [id] BETWEEN 393701 AND 393710 OR [id] BETWEEN 476721 AND 476730 OR [id] BETWEEN 555501 AND 555510 OR [id] BETWEEN 631471 AND 631480 OR [id] BETWEEN 712211 AND 712220 OR [id] BETWEEN 790801 AND 790810 OR [id] BETWEEN 871641 AND 871650 OR [id] BETWEEN 950871 AND 950880) AND CONVERT(bigint, SUBSTRING(HASHBYTES('MD5', CAST(CAST([id] AS varchar(50)) + '|7' AS varchar(8000))), 1, 4)) < 2147483648;
IF @@TRANCOUNT > 0 ROLLBACK TRANSACTION;

-- key_hash: one full scan of id
SET NOCOUNT ON;
SET LOCK_TIMEOUT 5000;
SET DEADLOCK_PRIORITY LOW;
IF EXISTS (SELECT 1 FROM sys.databases WHERE database_id = DB_ID() AND snapshot_isolation_state = 1) SET TRANSACTION ISOLATION LEVEL SNAPSHOT;
SELECT [id] AS [c0], [name] AS [c1], CAST([amount] AS varchar(50)) AS [c2], [born] AS [c3], CONVERT(varchar(40), [seen], 121) AS [c4], [score] AS [c5], CONVERT(bigint, SUBSTRING(HASHBYTES('MD5', CAST(CAST([id] AS varchar(50)) + '|7' AS varchar(8000))), 1, 4)) AS [unit] FROM [dbo].[orders] WHERE [id] IS NOT NULL AND CONVERT(bigint, SUBSTRING(HASHBYTES('MD5', CAST(CAST([id] AS varchar(50)) + '|7' AS varchar(8000))), 1, 4)) < 2147483;
IF @@TRANCOUNT > 0 ROLLBACK TRANSACTION;

-- rows: one full scan of all columns, rows drawn by their hash
SET NOCOUNT ON;
SET LOCK_TIMEOUT 5000;
SET DEADLOCK_PRIORITY LOW;
IF EXISTS (SELECT 1 FROM sys.databases WHERE database_id = DB_ID() AND snapshot_isolation_state = 1) SET TRANSACTION ISOLATION LEVEL SNAPSHOT;
SELECT [id] AS [c0], [name] AS [c1], CAST([amount] AS varchar(50)) AS [c2], [born] AS [c3], CONVERT(varchar(40), [seen], 121) AS [c4], [score] AS [c5] FROM [dbo].[orders] WHERE CONVERT(bigint, SUBSTRING(HASHBYTES('MD5', CAST('7|' + COALESCE(CAST([id] AS varchar(50)), CHAR(30)) + CHAR(31) + COALESCE([name], CHAR(30)) + CHAR(31) + COALESCE(CAST([amount] AS varchar(50)), CHAR(30)) + CHAR(31) + COALESCE(CONVERT(varchar(40), [born], 121), CHAR(30)) + CHAR(31) + COALESCE(CONVERT(varchar(40), [seen], 121), CHAR(30)) + CHAR(31) + COALESCE(CONVERT(varchar(40), [score], 3), CHAR(30)) + CHAR(31) AS varchar(8000))), 1, 4)) < 2147483;
IF @@TRANCOUNT > 0 ROLLBACK TRANSACTION;

-- system: blocks of the engine's choice
SET NOCOUNT ON;
SET LOCK_TIMEOUT 5000;
SET DEADLOCK_PRIORITY LOW;
IF EXISTS (SELECT 1 FROM sys.databases WHERE database_id = DB_ID() AND snapshot_isolation_state = 1) SET TRANSACTION ISOLATION LEVEL SNAPSHOT;
SELECT [id] AS [c0], [name] AS [c1], CAST([amount] AS varchar(50)) AS [c2], [born] AS [c3], CONVERT(varchar(40), [seen], 121) AS [c4], [score] AS [c5] FROM [dbo].[orders] TABLESAMPLE SYSTEM (0.05 PERCENT) REPEATABLE (465459118);
IF @@TRANCOUNT > 0 ROLLBACK TRANSACTION;

-- first: the first 500 rows that the server finds
SET NOCOUNT ON;
SET LOCK_TIMEOUT 5000;
SET DEADLOCK_PRIORITY LOW;
IF EXISTS (SELECT 1 FROM sys.databases WHERE database_id = DB_ID() AND snapshot_isolation_state = 1) SET TRANSACTION ISOLATION LEVEL SNAPSHOT;
SELECT [id] AS [c0], [name] AS [c1], CAST([amount] AS varchar(50)) AS [c2], [born] AS [c3], CONVERT(varchar(40), [seen], 121) AS [c4], [score] AS [c5] FROM [dbo].[orders] ORDER BY (SELECT NULL) OFFSET 0 ROWS FETCH NEXT 500 ROWS ONLY;
IF @@TRANCOUNT > 0 ROLLBACK TRANSACTION;
