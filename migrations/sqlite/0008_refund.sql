create table if not exists refund (
  id text not null primary key,
  no text not null,
  means text not null,
  origin text not null,
  of_kind text not null,
  of_id text not null,
  out_trade_no text not null,
  parked_id text null,
  member_id text not null,
  amount integer not null,
  total integer not null,
  reason text not null,
  reopens integer not null,
  evidence text not null,
  paid_by text not null,
  paid_on text not null,
  status text not null,
  requested_by text not null,
  requested_ms integer not null,
  decided_by text not null,
  decided_ms integer null,
  decision text not null,
  wechat_id text not null,
  problem text not null,
  next_ms integer null,
  tries integer not null,
  ended_ms integer null,
  constraint ck_refund_amount check (amount > 0 and amount <= total)
);

create unique index if not exists uk_refund_no on refund (no);

create index if not exists ix_refund_status on refund (status, id);

create index if not exists ix_refund_of on refund (of_kind, of_id);

create index if not exists ix_refund_next on refund (next_ms);

create index if not exists ix_refund_ended on refund (ended_ms, id);

create index if not exists ix_refund_parked on refund (parked_id);

create table if not exists refund_part (
  refund_id text not null,
  of_kind text not null,
  of_id text not null,
  bill_id text not null,
  amount integer not null,
  primary key (refund_id, of_kind, of_id, bill_id)
);

create index if not exists ix_refund_part_bill on refund_part (bill_id);

-- The bank's receipts of a transfer back.
create table if not exists refund_file (
  refund_id text not null,
  file_id text not null,
  position integer not null,
  primary key (refund_id, file_id)
);

create index if not exists ix_refund_file_file on refund_file (file_id);

create table if not exists refund_limit (
  of_kind text not null,
  of_id text not null,
  slot text not null,
  total integer not null,
  reserved integer not null,
  parts integer not null,
  primary key (of_kind, of_id, slot),
  constraint ck_refund_limit_reserved check (reserved >= 0 and reserved <= total)
);

create table if not exists ledger_check (
  id text not null primary key,
  cause text not null,
  started_by text not null,
  status text not null,
  step text not null,
  done integer not null,
  total integer not null,
  found integer not null,
  findings text not null,
  started_ms integer not null,
  seen_ms integer not null,
  ended_ms integer null,
  live_key text null
);

create unique index if not exists uk_ledger_check_live_key on ledger_check (live_key);
