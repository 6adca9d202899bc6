create table if not exists payment_order (
  id text not null primary key,
  no text not null,
  member_id text not null,
  link_id text null,
  amount integer not null,
  description text not null,
  status text not null,
  created_ms integer not null,
  expires_ms integer not null,
  paid_ms integer null
);

create unique index if not exists uk_payment_order_no on payment_order (no);

create index if not exists ix_payment_order_status on payment_order (status, expires_ms);

create index if not exists ix_payment_order_member on payment_order (member_id, id);

create table if not exists payment_order_bill (
  order_id text not null,
  bill_id text not null,
  amount integer not null,
  live_key text null,
  primary key (order_id, bill_id)
);

create unique index if not exists uk_payment_order_bill_bill_id_live_key on payment_order_bill (bill_id, live_key);

create table if not exists payment_attempt (
  out_trade_no text not null primary key,
  order_id text not null,
  member_id text not null,
  trade_type text not null,
  app_id text not null,
  mch_id text not null,
  amount integer not null,
  payer_index text not null,
  code_url text not null,
  prepay_id text not null,
  code_until_ms integer not null,
  status text not null,
  live_key text null,
  transaction_id text null,
  success_ms integer null,
  created_ms integer not null,
  expires_ms integer not null,
  next_query_ms integer null,
  query_count integer not null,
  refunding integer not null default 0,
  refunded integer not null default 0
);

create unique index if not exists uk_payment_attempt_transaction_id on payment_attempt (transaction_id);

create unique index if not exists uk_payment_attempt_order_id_live_key on payment_attempt (order_id, live_key);

create index if not exists ix_payment_attempt_status on payment_attempt (status, out_trade_no);

create index if not exists ix_payment_attempt_order on payment_attempt (order_id, out_trade_no);

create index if not exists ix_payment_attempt_member on payment_attempt (member_id, out_trade_no);

create index if not exists ix_payment_attempt_next_query on payment_attempt (next_query_ms);

create index if not exists ix_payment_attempt_success on payment_attempt (success_ms, out_trade_no);

create table if not exists payment_notice (
  notify_id text not null,
  event_type text not null,
  out_trade_no text not null,
  transaction_id text not null,
  amount integer not null,
  body text not null,
  outcome text not null,
  received_ms integer not null,
  primary key (notify_id, out_trade_no)
);

create index if not exists ix_payment_notice_trade on payment_notice (out_trade_no);

create table if not exists unexplained_payment (
  id text not null primary key,
  kind text not null,
  out_trade_no text not null,
  transaction_id text not null,
  amount integer not null,
  currency text not null,
  booked integer not null,
  detail text not null,
  status text not null,
  created_ms integer not null,
  reason text not null default '',
  resolved_by text not null default '',
  resolved_ms integer null
);

create unique index if not exists uk_unexplained_payment_transaction_id on unexplained_payment (transaction_id);

create index if not exists ix_unexplained_payment_status on unexplained_payment (status, id);

create table if not exists payment_link (
  id text not null primary key,
  token_index text not null,
  member_id text not null,
  bill_id text not null,
  created_by text not null,
  created_ms integer not null,
  expires_ms integer not null,
  revoked_ms integer null
);

create unique index if not exists uk_payment_link_token_index on payment_link (token_index);

create index if not exists ix_payment_link_member on payment_link (member_id, id);
