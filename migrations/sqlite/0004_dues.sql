create table if not exists dues_standard (
  id text not null primary key,
  tier_id text not null,
  from_year integer not null,
  to_year integer null,
  version integer not null,
  amount integer not null,
  resolution text not null,
  file_id text null,
  created_by text not null,
  created_ms integer not null
);

create unique index if not exists uk_dues_standard_tier_id_from_year_version on dues_standard (tier_id, from_year, version);

create table if not exists dues_bill (
  id text not null primary key,
  no text not null,
  member_id text not null,
  year integer not null,
  also_covers integer null,
  item text not null,
  standard_id text not null,
  tier_id text not null,
  level_id text not null,
  gross integer not null,
  reduction integer not null,
  due integer not null,
  paid integer not null,
  refunded integer not null default 0,
  status text not null,
  due_on text not null,
  memo_code text not null,
  active_key text null,
  issued_ms integer not null,
  constraint ck_dues_bill_paid check (paid >= 0 and refunded >= 0 and paid + refunded <= due)
);

create unique index if not exists uk_dues_bill_no on dues_bill (no);

create unique index if not exists uk_dues_bill_memo_code on dues_bill (memo_code);

create unique index if not exists uk_dues_bill_member_id_year_item_active_key on dues_bill (member_id, year, item, active_key);

create index if not exists ix_dues_bill_year on dues_bill (year, status, id);

create index if not exists ix_dues_bill_level on dues_bill (year, level_id, status, id, due, paid, refunded);

create table if not exists allocation (
  id text not null primary key,
  source_kind text not null,
  source_id text not null,
  bill_id text not null,
  year integer not null,
  amount integer not null,
  of_kind text null,
  of_id text null,
  taken_back integer not null default 0,
  created_ms integer not null,
  reversed_ms integer null
);

create unique index if not exists uk_allocation_source_kind_source_id_bill_id on allocation (source_kind, source_id, bill_id);

create index if not exists ix_allocation_bill on allocation (bill_id);

create index if not exists ix_allocation_kind on allocation (source_kind, id);

create index if not exists ix_allocation_year on allocation (source_kind, year, id);

create index if not exists ix_allocation_of on allocation (of_kind, of_id);

create table if not exists ledger_entry (
  id text not null primary key,
  at_ms integer not null,
  account text not null,
  amount integer not null,
  source_kind text not null,
  source_id text not null,
  kind text not null,
  line integer not null
);

create unique index if not exists uk_ledger_entry_source_kind_source_id_kind_line on ledger_entry (source_kind, source_id, kind, line);

create index if not exists ix_ledger_entry_account on ledger_entry (account, id, amount);

-- The balances of the accounts up to (not with) an entry: derived, and made anew after every check
-- of the books, so that a page adds up only what came since.
create table if not exists ledger_closing (
  account text not null primary key,
  until_id text not null,
  amount integer not null,
  entries integer not null
);

create table if not exists waiver (
  id text not null primary key,
  bill_id text not null,
  member_id text not null,
  kind text not null,
  amount integer not null,
  due_on text not null,
  basis text not null,
  status text not null,
  open_key text null,
  requested_by text not null,
  requested_ms integer not null,
  decided_by text null,
  decided_ms integer null,
  decision text not null
);

create unique index if not exists uk_waiver_bill_id_open_key on waiver (bill_id, open_key);

create index if not exists ix_waiver_status on waiver (status, id);

create table if not exists bill_run (
  id text not null primary key,
  no text not null,
  kind text not null,
  year integer not null,
  of_run_id text null,
  status text not null,
  open_key text null,
  scanned text not null,
  planned integer not null,
  done integer not null,
  passed integer not null,
  excluded integer not null,
  total integer not null,
  before_total integer not null,
  created_by text not null,
  created_ms integer not null,
  decided_by text null,
  decided_ms integer null,
  reason text not null,
  ended_ms integer null,
  lease_by text not null,
  lease_ms integer not null
);

create unique index if not exists uk_bill_run_year_open_key on bill_run (year, open_key);

create index if not exists ix_bill_run_status on bill_run (status, id);

create table if not exists bill_run_line (
  id text not null primary key,
  run_id text not null,
  member_id text not null,
  bill_id text null,
  level_id text not null,
  tier_id text null,
  standard_id text null,
  why text not null,
  outcome text not null,
  gross integer not null,
  amount integer not null,
  before_amount integer null,
  also_covers integer null
);

create unique index if not exists uk_bill_run_line_run_id_member_id on bill_run_line (run_id, member_id);

create index if not exists ix_bill_run_line_outcome on bill_run_line (run_id, outcome, id);

create table if not exists member_level_history (
  id text not null primary key,
  member_id text not null,
  level_id text not null,
  before_level_id text not null,
  from_on text not null,
  reason text not null,
  changed_by text not null,
  created_ms integer not null,
  applied_ms integer null
);

create index if not exists ix_member_level_history_member on member_level_history (member_id, from_on);

create index if not exists ix_member_level_history_applied on member_level_history (applied_ms, from_on);
