create table if not exists refund (
  id varchar(64) not null primary key,
  no varchar(64) not null,
  means varchar(32) not null,
  origin varchar(32) not null,
  of_kind varchar(32) not null,
  of_id varchar(64) not null,
  out_trade_no varchar(64) not null,
  parked_id varchar(64) null,
  member_id varchar(64) not null,
  amount bigint not null,
  total bigint not null,
  reason varchar(500) not null,
  reopens bigint not null,
  evidence varchar(500) not null,
  paid_by varchar(100) not null,
  paid_on varchar(10) not null,
  status varchar(32) not null,
  requested_by varchar(64) not null,
  requested_ms bigint not null,
  decided_by varchar(64) not null,
  decided_ms bigint null,
  decision varchar(500) not null,
  wechat_id varchar(64) not null,
  problem varchar(500) not null,
  next_ms bigint null,
  tries bigint not null,
  ended_ms bigint null,
  unique key uk_refund_no (no),
  key ix_refund_status (status, id),
  key ix_refund_of (of_kind, of_id),
  key ix_refund_next (next_ms),
  key ix_refund_ended (ended_ms, id),
  key ix_refund_parked (parked_id),
  constraint ck_refund_amount check (amount > 0 and amount <= total)
) engine=InnoDB default charset=utf8mb4 collate=utf8mb4_bin;

create table if not exists refund_part (
  refund_id varchar(64) not null,
  of_kind varchar(32) not null,
  of_id varchar(64) not null,
  bill_id varchar(64) not null,
  amount bigint not null,
  primary key (refund_id, of_kind, of_id, bill_id),
  key ix_refund_part_bill (bill_id)
) engine=InnoDB default charset=utf8mb4 collate=utf8mb4_bin;

-- The bank's receipts of a transfer back.
create table if not exists refund_file (
  refund_id varchar(64) not null,
  file_id varchar(64) not null,
  position bigint not null,
  primary key (refund_id, file_id),
  key ix_refund_file_file (file_id)
) engine=InnoDB default charset=utf8mb4 collate=utf8mb4_bin;

create table if not exists refund_limit (
  of_kind varchar(32) not null,
  of_id varchar(64) not null,
  slot varchar(200) not null,
  total bigint not null,
  reserved bigint not null,
  parts bigint not null,
  primary key (of_kind, of_id, slot),
  constraint ck_refund_limit_reserved check (reserved >= 0 and reserved <= total)
) engine=InnoDB default charset=utf8mb4 collate=utf8mb4_bin;

create table if not exists ledger_check (
  id varchar(64) not null primary key,
  cause varchar(32) not null,
  started_by varchar(64) not null,
  status varchar(32) not null,
  step varchar(32) not null,
  done bigint not null,
  total bigint not null,
  found bigint not null,
  findings mediumtext not null,
  started_ms bigint not null,
  seen_ms bigint not null,
  ended_ms bigint null,
  live_key varchar(8) null,
  unique key uk_ledger_check_live_key (live_key)
) engine=InnoDB default charset=utf8mb4 collate=utf8mb4_bin;
