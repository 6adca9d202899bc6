-- A day of WeChat's bill and what became of it. `done` or `failed`; a failed day is tried again.
create table if not exists wechat_bill (
  day varchar(10) not null primary key,
  status varchar(16) not null,
  problem varchar(500) not null,
  sha1 varchar(40) not null,
  payments bigint not null,
  payments_fen bigint not null,
  refunds bigint not null,
  refunds_fen bigint not null,
  our_payments bigint not null,
  our_payments_fen bigint not null,
  our_refunds bigint not null,
  our_refunds_fen bigint not null,
  booked bigint not null,
  waiting bigint not null,
  differing bigint not null,
  compared_by varchar(64) not null,
  compared_ms bigint not null
) engine=InnoDB default charset=utf8mb4 collate=utf8mb4_bin;

-- What the last comparison of a day could not make agree, and where it is dealt with.
create table if not exists wechat_bill_difference (
  id varchar(64) not null primary key,
  day varchar(10) not null,
  kind varchar(16) not null,
  number varchar(64) not null,
  theirs bigint null,
  ours bigint null,
  object_kind varchar(16) not null,
  object_id varchar(64) not null,
  words varchar(500) not null,
  key ix_wechat_bill_difference_day (day, id)
) engine=InnoDB default charset=utf8mb4 collate=utf8mb4_bin;
