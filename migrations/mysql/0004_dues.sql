create table if not exists dues_standard (
  id varchar(64) not null primary key,
  tier_id varchar(64) not null,
  from_year bigint not null,
  amount bigint not null,
  resolution varchar(200) not null,
  created_ms bigint not null,
  unique key uk_dues_standard_tier_id_from_year (tier_id, from_year)
) engine=InnoDB default charset=utf8mb4 collate=utf8mb4_bin;

create table if not exists dues_bill (
  id varchar(64) not null primary key,
  no varchar(32) not null,
  member_id varchar(64) not null,
  year bigint not null,
  also_covers bigint null,
  item varchar(32) not null,
  standard_id varchar(64) not null,
  tier_id varchar(64) not null,
  level_id varchar(64) not null,
  gross bigint not null,
  reduction bigint not null,
  due bigint not null,
  paid bigint not null,
  refunded bigint not null default 0,
  status varchar(16) not null,
  due_on varchar(10) not null,
  memo_code varchar(16) not null,
  active_key varchar(8) null,
  issued_ms bigint not null,
  unique key uk_dues_bill_no (no),
  unique key uk_dues_bill_memo_code (memo_code),
  unique key uk_dues_bill_member_id_year_item_active_key (member_id, year, item, active_key),
  key ix_dues_bill_status (status, id),
  constraint ck_dues_bill_paid check (paid >= 0 and refunded >= 0 and paid + refunded <= due)
) engine=InnoDB default charset=utf8mb4 collate=utf8mb4_bin;

create table if not exists allocation (
  id varchar(64) not null primary key,
  source_kind varchar(16) not null,
  source_id varchar(64) not null,
  bill_id varchar(64) not null,
  amount bigint not null,
  of_kind varchar(16) null,
  of_id varchar(64) null,
  taken_back bigint not null default 0,
  created_ms bigint not null,
  reversed_ms bigint null,
  unique key uk_allocation_source_kind_source_id_bill_id (source_kind, source_id, bill_id),
  key ix_allocation_bill (bill_id)
) engine=InnoDB default charset=utf8mb4 collate=utf8mb4_bin;

create table if not exists ledger_entry (
  id varchar(64) not null primary key,
  at_ms bigint not null,
  account varchar(32) not null,
  amount bigint not null,
  source_kind varchar(16) not null,
  source_id varchar(64) not null,
  kind varchar(16) not null,
  line bigint not null,
  unique key uk_ledger_entry_source_kind_source_id_kind_line (source_kind, source_id, kind, line),
  key ix_ledger_entry_account (account, id, amount)
) engine=InnoDB default charset=utf8mb4 collate=utf8mb4_bin;
