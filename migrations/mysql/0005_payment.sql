create table if not exists payment_order (
  id varchar(64) not null primary key,
  no varchar(32) not null,
  member_id varchar(64) not null,
  link_id varchar(64) null,
  amount bigint not null,
  description varchar(128) not null,
  status varchar(16) not null,
  created_ms bigint not null,
  expires_ms bigint not null,
  paid_ms bigint null,
  unique key uk_payment_order_no (no),
  key ix_payment_order_status (status, expires_ms),
  key ix_payment_order_member (member_id, id)
) engine=InnoDB default charset=utf8mb4 collate=utf8mb4_bin;

create table if not exists payment_order_bill (
  order_id varchar(64) not null,
  bill_id varchar(64) not null,
  amount bigint not null,
  live_key varchar(8) null,
  primary key (order_id, bill_id),
  unique key uk_payment_order_bill_bill_id_live_key (bill_id, live_key)
) engine=InnoDB default charset=utf8mb4 collate=utf8mb4_bin;

create table if not exists payment_attempt (
  out_trade_no varchar(64) not null primary key,
  order_id varchar(64) not null,
  member_id varchar(64) not null,
  trade_type varchar(16) not null,
  app_id varchar(64) not null,
  mch_id varchar(32) not null,
  amount bigint not null,
  payer_index varchar(64) not null,
  code_url varchar(512) not null,
  prepay_id varchar(64) not null,
  code_until_ms bigint not null,
  status varchar(16) not null,
  live_key varchar(8) null,
  transaction_id varchar(64) null,
  success_ms bigint null,
  created_ms bigint not null,
  expires_ms bigint not null,
  next_query_ms bigint null,
  query_count bigint not null,
  refunding bigint not null default 0,
  refunded bigint not null default 0,
  unique key uk_payment_attempt_transaction_id (transaction_id),
  unique key uk_payment_attempt_order_id_live_key (order_id, live_key),
  key ix_payment_attempt_status (status, out_trade_no),
  key ix_payment_attempt_order (order_id, out_trade_no),
  key ix_payment_attempt_member (member_id, out_trade_no),
  key ix_payment_attempt_next_query (next_query_ms),
  key ix_payment_attempt_success (success_ms, out_trade_no)
) engine=InnoDB default charset=utf8mb4 collate=utf8mb4_bin;

create table if not exists payment_notice (
  notify_id varchar(64) not null,
  event_type varchar(64) not null,
  out_trade_no varchar(64) not null,
  transaction_id varchar(64) not null,
  amount bigint not null,
  body mediumtext not null,
  outcome varchar(32) not null,
  received_ms bigint not null,
  primary key (notify_id, out_trade_no),
  key ix_payment_notice_trade (out_trade_no)
) engine=InnoDB default charset=utf8mb4 collate=utf8mb4_bin;

create table if not exists unexplained_payment (
  id varchar(64) not null primary key,
  kind varchar(32) not null,
  out_trade_no varchar(64) not null,
  transaction_id varchar(64) not null,
  amount bigint not null,
  currency varchar(16) not null,
  booked bigint not null,
  detail varchar(500) not null,
  status varchar(16) not null,
  created_ms bigint not null,
  reason varchar(500) not null default '',
  resolved_by varchar(64) not null default '',
  resolved_ms bigint null,
  unique key uk_unexplained_payment_transaction_id (transaction_id),
  key ix_unexplained_payment_status (status, id)
) engine=InnoDB default charset=utf8mb4 collate=utf8mb4_bin;

create table if not exists payment_link (
  id varchar(64) not null primary key,
  token_index varchar(64) not null,
  member_id varchar(64) not null,
  bill_id varchar(64) not null,
  created_by varchar(64) not null,
  created_ms bigint not null,
  expires_ms bigint not null,
  revoked_ms bigint null,
  unique key uk_payment_link_token_index (token_index),
  key ix_payment_link_member (member_id, id)
) engine=InnoDB default charset=utf8mb4 collate=utf8mb4_bin;
