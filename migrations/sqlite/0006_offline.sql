create table if not exists file_object (
  id text not null primary key,
  owner_kind text not null,
  owner_id text not null,
  name text not null,
  media_type text not null,
  size integer not null,
  sha256 text not null,
  created_ms integer not null
);

create index if not exists ix_file_object_owner on file_object (owner_kind, owner_id);

create table if not exists file_chunk (
  file_id text not null,
  position integer not null,
  bytes blob not null,
  primary key (file_id, position)
);

create table if not exists offline_payment (
  id text not null primary key,
  no text not null,
  member_id text not null,
  bill_id text not null,
  amount integer not null,
  paid_on text not null,
  method text not null,
  payer_name text not null,
  payer_tail text not null,
  bank_ref text not null,
  remark text not null,
  status text not null,
  reason text not null,
  decided_by text not null,
  decided_ms integer null,
  submitted_ms integer not null,
  version integer not null,
  submit_key text not null
);

create unique index if not exists uk_offline_payment_no on offline_payment (no);

create unique index if not exists uk_offline_payment_member_id_submit_key on offline_payment (member_id, submit_key);

create index if not exists ix_offline_payment_member on offline_payment (member_id, id);

create index if not exists ix_offline_payment_status on offline_payment (status, id);

create index if not exists ix_offline_payment_bill on offline_payment (bill_id);

create table if not exists offline_voucher (
  offline_id text not null,
  file_id text not null,
  position integer not null,
  primary key (offline_id, file_id)
);
