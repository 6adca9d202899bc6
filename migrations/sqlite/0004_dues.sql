create table if not exists dues_standard (
  id text not null primary key,
  tier_id text not null,
  from_year integer not null,
  amount integer not null,
  resolution text not null,
  created_ms integer not null
);

create unique index if not exists uk_dues_standard_tier_id_from_year on dues_standard (tier_id, from_year);

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

create index if not exists ix_dues_bill_status on dues_bill (status, id);

create table if not exists allocation (
  id text not null primary key,
  source_kind text not null,
  source_id text not null,
  bill_id text not null,
  amount integer not null,
  of_kind text null,
  of_id text null,
  taken_back integer not null default 0,
  created_ms integer not null,
  reversed_ms integer null
);

create unique index if not exists uk_allocation_source_kind_source_id_bill_id on allocation (source_kind, source_id, bill_id);

create index if not exists ix_allocation_bill on allocation (bill_id);

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
