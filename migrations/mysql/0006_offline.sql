create table if not exists file_object (
  id varchar(64) not null primary key,
  owner_kind varchar(16) not null,
  owner_id varchar(64) not null,
  name varchar(200) not null,
  media_type varchar(64) not null,
  size bigint not null,
  sha256 varchar(64) not null,
  created_ms bigint not null,
  key ix_file_object_owner (owner_kind, owner_id)
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
  amount bigint not null,
  paid_on varchar(10) not null,
  method varchar(16) not null,
  payer_name varchar(200) not null,
  payer_tail varchar(64) not null,
  bank_ref varchar(64) not null,
  remark varchar(500) not null,
  status varchar(16) not null,
  reason varchar(500) not null,
  decided_by varchar(64) not null,
  decided_ms bigint null,
  submitted_ms bigint not null,
  version bigint not null,
  submit_key varchar(64) not null,
  unique key uk_offline_payment_no (no),
  unique key uk_offline_payment_member_id_submit_key (member_id, submit_key),
  key ix_offline_payment_member (member_id, id),
  key ix_offline_payment_status (status, id),
  key ix_offline_payment_bill (bill_id)
) engine=InnoDB default charset=utf8mb4 collate=utf8mb4_bin;

create table if not exists offline_voucher (
  offline_id varchar(64) not null,
  file_id varchar(64) not null,
  position bigint not null,
  primary key (offline_id, file_id)
) engine=InnoDB default charset=utf8mb4 collate=utf8mb4_bin;
