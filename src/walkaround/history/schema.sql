-- The history of one project. Times are UTC. Nothing here holds a value of the data: counts, rates and redacted words.

create table version (version integer not null);
insert into version values (1);

create table runs (
  run varchar primary key,
  started timestamp not null,
  seconds double not null,
  command varchar not null,
  project varchar not null,
  verdict varchar not null,
  because varchar[] not null,
  rule varchar not null,
  planned integer not null,
  passed integer not null,
  failed integer not null,
  inconclusive integer not null,
  not_assessed integer not null,
  waived integer not null,
  rules varchar not null,           -- fingerprint of the suites and the policy
  walkaround varchar not null       -- version that ran
);

create table sources (
  run varchar not null,
  source varchar not null,
  problem varchar not null,         -- why it could not be read, in words; empty where it was
  method varchar not null,
  seed bigint not null,
  rows_drawn bigint not null,
  rows_total bigint,
  rows_total_is varchar,
  fingerprint varchar not null,
  pilot varchar not null            -- fingerprint of the pilot
);

create table findings (
  run varchar not null,
  label varchar not null,
  code varchar not null,
  source varchar not null,
  columns varchar[] not null,
  fact varchar not null,
  status varchar not null,
  severity varchar not null,
  observed double,
  "count" bigint,
  "rows" bigint,
  interval_low double,
  interval_high double,
  "limit" double,
  message varchar not null
);

create table facts (
  run varchar not null,
  source varchar not null,
  name varchar not null,
  columns varchar[] not null,
  "value" double,
  "count" bigint,
  "of" bigint,
  basis varchar not null,
  detail varchar not null
);
