create table if not exists outbox (
  id text not null primary key,
  topic text not null,
  member_id text not null,
  payload text not null,
  dedupe_key text not null,
  status text not null,
  attempts integer not null,
  next_ms integer not null,
  created_ms integer not null,
  receiver text not null default '',
  unit text not null default '',
  note text not null default '',
  sent_ms integer null
);

create unique index if not exists uk_outbox_dedupe_key on outbox (dedupe_key);

create index if not exists ix_outbox_status on outbox (status, next_ms);

create index if not exists ix_outbox_status_id on outbox (status, id);
