-- A day of WeChat's bill and what became of it. `done` or `failed`; a failed day is tried again.
create table if not exists wechat_bill (
  day text not null primary key,
  status text not null,
  problem text not null,
  sha1 text not null,
  payments integer not null,
  payments_fen integer not null,
  refunds integer not null,
  refunds_fen integer not null,
  our_payments integer not null,
  our_payments_fen integer not null,
  our_refunds integer not null,
  our_refunds_fen integer not null,
  booked integer not null,
  waiting integer not null,
  differing integer not null,
  compared_by text not null,
  compared_ms integer not null
);

-- What the last comparison of a day could not make agree, and where it is dealt with.
create table if not exists wechat_bill_difference (
  id text not null primary key,
  day text not null,
  kind text not null,
  number text not null,
  theirs integer null,
  ours integer null,
  object_kind text not null,
  object_id text not null,
  words text not null
);

create index if not exists ix_wechat_bill_difference_day on wechat_bill_difference (day, id);
