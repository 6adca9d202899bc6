-- A file may be deleted from free_ms on; null while something refers to it (holders counts what does).
create table if not exists file_object (
  id text not null primary key,
  owner_kind text not null,
  owner_id text not null,
  name text not null,
  media_type text not null,
  size integer not null,
  sha256 text not null,
  created_ms integer not null,
  free_ms integer null,
  holders integer not null
);

create index if not exists ix_file_object_owner on file_object (owner_kind, owner_id);

create index if not exists ix_file_object_free on file_object (free_ms);

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
  year integer not null,
  amount integer not null,
  paid_on text not null,
  method text not null,
  payer_name text not null,
  payer_tail text not null,
  bank_ref text not null,
  remark text not null,
  title text not null,
  email text not null,
  status text not null,
  reason text not null,
  decided_by text not null,
  decided_ms integer null,
  submitted_ms integer not null,
  version integer not null,
  submit_key text not null,
  constraint ck_offline_payment_amount check (amount > 0)
);

create unique index if not exists uk_offline_payment_no on offline_payment (no);

create unique index if not exists uk_offline_payment_member_id_submit_key on offline_payment (member_id, submit_key);

create unique index if not exists uk_offline_payment_id_bill_id_amount_paid_on_method_version on offline_payment (id, bill_id, amount, paid_on, method, version);

create index if not exists ix_offline_payment_member on offline_payment (member_id, id);

create index if not exists ix_offline_payment_status on offline_payment (status, id);

create index if not exists ix_offline_payment_year on offline_payment (year, id);

create index if not exists ix_offline_payment_amount on offline_payment (amount, id);

create index if not exists ix_offline_payment_bank_ref on offline_payment (bank_ref);

create index if not exists ix_offline_payment_bill on offline_payment (bill_id);

-- While this row stands, the database refuses every change of what was confirmed: the facts of the
-- report are a key that it points to, and each amendment would change the version in it.
create table if not exists offline_confirmation (
  offline_id text not null primary key,
  bill_id text not null,
  amount integer not null,
  paid_on text not null,
  method text not null,
  version integer not null,
  applied integer not null,
  surplus integer not null,
  surplus_state text not null,
  confirmed_by text not null,
  confirmed_ms integer not null,
  constraint ck_offline_confirmation_sum check (applied >= 0 and surplus >= 0 and applied + surplus = amount),
  constraint fk_offline_confirmation_offline_id foreign key (offline_id, bill_id, amount, paid_on, method, version) references offline_payment (id, bill_id, amount, paid_on, method, version)
);

create index if not exists ix_offline_confirmation_surplus on offline_confirmation (surplus_state, offline_id);

create index if not exists ix_offline_confirmation_payment on offline_confirmation (offline_id, bill_id, amount, paid_on, method, version);

create table if not exists offline_correction (
  id text not null primary key,
  offline_id text not null,
  kind text not null,
  bill_id text null,
  status text not null,
  live_key text null,
  reason text not null,
  asked_by text not null,
  asked_ms integer not null,
  answer text not null,
  answered_by text not null,
  answered_ms integer null,
  constraint ck_offline_correction_two check (status <> 'approved' or (answered_by <> '' and answered_by <> asked_by)),
  constraint fk_offline_correction_offline_id foreign key (offline_id) references offline_confirmation (offline_id)
);

create unique index if not exists uk_offline_correction_offline_id_live_key on offline_correction (offline_id, live_key);

create index if not exists ix_offline_correction_status on offline_correction (status, id);

create table if not exists offline_event (
  id text not null primary key,
  offline_id text not null,
  at_ms integer not null,
  kind text not null,
  staff_id text not null,
  amount integer not null,
  reason text not null
);

create index if not exists ix_offline_event_offline on offline_event (offline_id, id);

-- A voucher that the member replaced by another one stays, with the moment in replaced_ms.
create table if not exists offline_voucher (
  offline_id text not null,
  file_id text not null,
  position integer not null,
  replaced_ms integer null,
  primary key (offline_id, file_id)
);

create index if not exists ix_offline_voucher_file on offline_voucher (file_id);
