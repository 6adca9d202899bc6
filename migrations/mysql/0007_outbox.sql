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
  receiver varchar(512) not null default '',
  unit varchar(200) not null default '',
  note varchar(300) not null default '',
  sent_ms bigint null,
  unique key uk_outbox_dedupe_key (dedupe_key),
  key ix_outbox_status (status, next_ms),
  key ix_outbox_status_id (status, id)
) engine=InnoDB default charset=utf8mb4 collate=utf8mb4_bin;
