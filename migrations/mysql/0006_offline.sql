-- A file may be deleted from free_ms on; null while something refers to it (holders counts what does).
create table if not exists file_object (
  id varchar(64) not null primary key,
  owner_kind varchar(16) not null,
  owner_id varchar(64) not null,
  name varchar(200) not null,
  media_type varchar(64) not null,
  size bigint not null,
  sha256 varchar(64) not null,
  created_ms bigint not null,
  free_ms bigint null,
  holders bigint not null,
  key ix_file_object_owner (owner_kind, owner_id),
  key ix_file_object_free (free_ms)
) engine=InnoDB default charset=utf8mb4 collate=utf8mb4_bin;

create table if not exists file_chunk (
  file_id varchar(64) not null,
  position bigint not null,
  bytes mediumblob not null,
  primary key (file_id, position)
) engine=InnoDB default charset=utf8mb4 collate=utf8mb4_bin;

create table if not exists offline_payment (
  id varchar(64) not null primary key,
  no varchar(32) not null,
  member_id varchar(64) not null,
  bill_id varchar(64) not null,
  year bigint not null,
  amount bigint not null,
  paid_on varchar(10) not null,
  method varchar(16) not null,
  payer_name varchar(512) not null,
  payer_tail varchar(64) not null,
  bank_ref varchar(64) not null,
  remark varchar(1600) not null,
  title varchar(200) not null,
  email varchar(512) not null,
  status varchar(16) not null,
  reason varchar(500) not null,
  decided_by varchar(64) not null,
  decided_ms bigint null,
  submitted_ms bigint not null,
  version bigint not null,
  submit_key varchar(64) not null,
  unique key uk_offline_payment_no (no),
  unique key uk_offline_payment_member_id_submit_key (member_id, submit_key),
  unique key uk_offline_payment_id_bill_id_amount_paid_on_method_version (id, bill_id, amount, paid_on, method, version),
  key ix_offline_payment_member (member_id, id),
  key ix_offline_payment_status (status, id),
  key ix_offline_payment_year (year, id),
  key ix_offline_payment_amount (amount, id),
  key ix_offline_payment_bank_ref (bank_ref),
  key ix_offline_payment_bill (bill_id),
  constraint ck_offline_payment_amount check (amount > 0)
) engine=InnoDB default charset=utf8mb4 collate=utf8mb4_bin;

-- While this row stands, the database refuses every change of what was confirmed: the facts of the
-- report are a key that it points to, and each amendment would change the version in it.
create table if not exists offline_confirmation (
  offline_id varchar(64) not null primary key,
  bill_id varchar(64) not null,
  amount bigint not null,
  paid_on varchar(10) not null,
  method varchar(16) not null,
  version bigint not null,
  applied bigint not null,
  surplus bigint not null,
  surplus_state varchar(16) not null,
  confirmed_by varchar(64) not null,
  confirmed_ms bigint not null,
  key ix_offline_confirmation_surplus (surplus_state, offline_id),
  key ix_offline_confirmation_payment (offline_id, bill_id, amount, paid_on, method, version),
  constraint ck_offline_confirmation_sum check (applied >= 0 and surplus >= 0 and applied + surplus = amount),
  constraint fk_offline_confirmation_offline_id foreign key (offline_id, bill_id, amount, paid_on, method, version) references offline_payment (id, bill_id, amount, paid_on, method, version)
) engine=InnoDB default charset=utf8mb4 collate=utf8mb4_bin;

create table if not exists offline_correction (
  id varchar(64) not null primary key,
  offline_id varchar(64) not null,
  kind varchar(16) not null,
  bill_id varchar(64) null,
  status varchar(16) not null,
  live_key varchar(8) null,
  reason varchar(500) not null,
  asked_by varchar(64) not null,
  asked_ms bigint not null,
  answer varchar(500) not null,
  answered_by varchar(64) not null,
  answered_ms bigint null,
  unique key uk_offline_correction_offline_id_live_key (offline_id, live_key),
  key ix_offline_correction_status (status, id),
  constraint ck_offline_correction_two check (status <> 'approved' or (answered_by <> '' and answered_by <> asked_by)),
  constraint fk_offline_correction_offline_id foreign key (offline_id) references offline_confirmation (offline_id)
) engine=InnoDB default charset=utf8mb4 collate=utf8mb4_bin;

create table if not exists offline_event (
  id varchar(64) not null primary key,
  offline_id varchar(64) not null,
  at_ms bigint not null,
  kind varchar(24) not null,
  staff_id varchar(64) not null,
  amount bigint not null,
  reason varchar(500) not null,
  key ix_offline_event_offline (offline_id, id)
) engine=InnoDB default charset=utf8mb4 collate=utf8mb4_bin;

-- A voucher that the member replaced by another one stays, with the moment in replaced_ms.
create table if not exists offline_voucher (
  offline_id varchar(64) not null,
  file_id varchar(64) not null,
  position bigint not null,
  replaced_ms bigint null,
  primary key (offline_id, file_id),
  key ix_offline_voucher_file (file_id)
) engine=InnoDB default charset=utf8mb4 collate=utf8mb4_bin;
