create table if not exists dues_standard (
  id varchar(64) not null primary key,
  tier_id varchar(64) not null,
  from_year bigint not null,
  to_year bigint null,
  version bigint not null,
  amount bigint not null,
  resolution varchar(200) not null,
  file_id varchar(64) null,
  created_by varchar(64) not null,
  created_ms bigint not null,
  unique key uk_dues_standard_tier_id_from_year_version (tier_id, from_year, version)
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
  key ix_dues_bill_year (year, status, id),
  key ix_dues_bill_level (year, level_id, status, id, due, paid, refunded),
  constraint ck_dues_bill_paid check (paid >= 0 and refunded >= 0 and paid + refunded <= due)
) engine=InnoDB default charset=utf8mb4 collate=utf8mb4_bin;

create table if not exists allocation (
  id varchar(64) not null primary key,
  source_kind varchar(16) not null,
  source_id varchar(64) not null,
  bill_id varchar(64) not null,
  year bigint not null,
  amount bigint not null,
  of_kind varchar(16) null,
  of_id varchar(64) null,
  taken_back bigint not null default 0,
  created_ms bigint not null,
  reversed_ms bigint null,
  unique key uk_allocation_source_kind_source_id_bill_id (source_kind, source_id, bill_id),
  key ix_allocation_bill (bill_id),
  key ix_allocation_kind (source_kind, id),
  key ix_allocation_year (source_kind, year, id),
  key ix_allocation_of (of_kind, of_id)
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

-- The balances of the accounts up to (not with) an entry: derived, and made anew after every check
-- of the books, so that a page adds up only what came since.
create table if not exists ledger_closing (
  account varchar(32) not null primary key,
  until_id varchar(64) not null,
  amount bigint not null,
  entries bigint not null
) engine=InnoDB default charset=utf8mb4 collate=utf8mb4_bin;

create table if not exists waiver (
  id varchar(64) not null primary key,
  bill_id varchar(64) not null,
  member_id varchar(64) not null,
  kind varchar(16) not null,
  amount bigint not null,
  due_on varchar(10) not null,
  basis varchar(500) not null,
  status varchar(16) not null,
  open_key varchar(8) null,
  requested_by varchar(64) not null,
  requested_ms bigint not null,
  decided_by varchar(64) null,
  decided_ms bigint null,
  decision varchar(500) not null,
  unique key uk_waiver_bill_id_open_key (bill_id, open_key),
  key ix_waiver_status (status, id)
) engine=InnoDB default charset=utf8mb4 collate=utf8mb4_bin;

create table if not exists bill_run (
  id varchar(64) not null primary key,
  no varchar(32) not null,
  kind varchar(16) not null,
  year bigint not null,
  of_run_id varchar(64) null,
  status varchar(16) not null,
  open_key varchar(8) null,
  scanned varchar(64) not null,
  planned bigint not null,
  done bigint not null,
  passed bigint not null,
  excluded bigint not null,
  total bigint not null,
  before_total bigint not null,
  created_by varchar(64) not null,
  created_ms bigint not null,
  decided_by varchar(64) null,
  decided_ms bigint null,
  reason varchar(500) not null,
  ended_ms bigint null,
  lease_by varchar(64) not null,
  lease_ms bigint not null,
  unique key uk_bill_run_year_open_key (year, open_key),
  key ix_bill_run_status (status, id)
) engine=InnoDB default charset=utf8mb4 collate=utf8mb4_bin;

create table if not exists bill_run_line (
  id varchar(64) not null primary key,
  run_id varchar(64) not null,
  member_id varchar(64) not null,
  bill_id varchar(64) null,
  level_id varchar(64) not null,
  tier_id varchar(64) null,
  standard_id varchar(64) null,
  why varchar(32) not null,
  outcome varchar(16) not null,
  gross bigint not null,
  amount bigint not null,
  before_amount bigint null,
  also_covers bigint null,
  unique key uk_bill_run_line_run_id_member_id (run_id, member_id),
  key ix_bill_run_line_outcome (run_id, outcome, id)
) engine=InnoDB default charset=utf8mb4 collate=utf8mb4_bin;

create table if not exists member_level_history (
  id varchar(64) not null primary key,
  member_id varchar(64) not null,
  level_id varchar(64) not null,
  before_level_id varchar(64) not null,
  from_on varchar(10) not null,
  reason varchar(500) not null,
  changed_by varchar(64) not null,
  created_ms bigint not null,
  applied_ms bigint null,
  key ix_member_level_history_member (member_id, from_on),
  key ix_member_level_history_applied (applied_ms, from_on)
) engine=InnoDB default charset=utf8mb4 collate=utf8mb4_bin;
