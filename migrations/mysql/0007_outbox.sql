create table if not exists outbox (
  id varchar(64) not null primary key,
  topic varchar(64) not null,
  member_id varchar(64) not null,
  payload text not null,
  dedupe_key varchar(128) not null,
  status varchar(16) not null,
  attempts bigint not null,
  next_ms bigint not null,
  created_ms bigint not null,
  unique key uk_outbox_dedupe_key (dedupe_key),
  key ix_outbox_status (status, next_ms)
) engine=InnoDB default charset=utf8mb4 collate=utf8mb4_bin;
