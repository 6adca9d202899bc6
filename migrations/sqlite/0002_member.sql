create table if not exists dues_tier (
  id text not null primary key,
  name text not null,
  position integer not null
);

create table if not exists member_level (
  id text not null primary key,
  name text not null,
  position integer not null,
  is_council integer not null,
  tier_id text null
);

create unique index if not exists uk_member_level_name on member_level (name);

create table if not exists member (
  id text not null primary key,
  no text not null,
  name text not null,
  name_key text not null,
  uscc text not null,
  uscc_doubtful integer not null,
  user_type text not null,
  level_id text not null,
  status text not null,
  legal_person text not null,
  legal_mobile text not null,
  contact text not null,
  contact_mobile text not null,
  contact_mobile_index text not null,
  email text not null,
  unit_state text not null,
  unit_nature text not null,
  industry text not null,
  unit_size text not null,
  region_code text not null,
  region_name text not null,
  address text not null,
  joined_on text not null,
  profile_complete_ms integer null,
  version integer not null,
  created_ms integer not null
);

create unique index if not exists uk_member_no on member (no);

create unique index if not exists uk_member_uscc on member (uscc);

create unique index if not exists uk_member_name_key on member (name_key);

create index if not exists ix_member_contact_mobile on member (contact_mobile_index);

create index if not exists ix_member_level on member (level_id, id);

create index if not exists ix_member_status on member (status, id);

create table if not exists account (
  id text not null primary key,
  member_id text not null,
  uscc text not null,
  mobile_index text not null,
  password_hash text not null,
  status text not null,
  session_generation integer not null,
  failed_count integer not null,
  locked_until_ms integer not null,
  created_ms integer not null
);

create unique index if not exists uk_account_uscc on account (uscc);

create index if not exists ix_account_member on account (member_id);

create index if not exists ix_account_mobile on account (mobile_index);

create table if not exists wechat_binding (
  id text not null primary key,
  account_id text not null,
  app_id text not null,
  open_id text not null,
  open_id_index text not null,
  active_key text null,
  bound_ms integer not null,
  ended_ms integer null,
  end_reason text not null
);

create unique index if not exists uk_wechat_binding_account_id_active_key on wechat_binding (account_id, active_key);

create index if not exists ix_wechat_binding_open_id on wechat_binding (open_id_index);

create table if not exists account_device (
  id text not null primary key,
  account_id text not null,
  device_index text not null,
  browser text not null,
  first_ms integer not null,
  last_ms integer not null,
  last_ip text not null,
  session_sealed text not null,
  failed_count integer not null,
  locked_until_ms integer not null
);

create unique index if not exists uk_account_device_account_id_device_index on account_device (account_id, device_index);

create table if not exists account_login (
  id text not null primary key,
  account_id text not null,
  at_ms integer not null,
  way text not null,
  browser text not null,
  ip text not null,
  is_new_device integer not null
);

create index if not exists ix_account_login_account on account_login (account_id, id);

create table if not exists account_code (
  id text not null primary key,
  account_id text not null,
  purpose text not null,
  code_index text not null,
  active_key text null,
  tries integer not null,
  issued_by text not null,
  issued_ms integer not null,
  expires_ms integer not null,
  used_ms integer null
);

create unique index if not exists uk_account_code_account_id_purpose_active_key on account_code (account_id, purpose, active_key);

create table if not exists wechat_registrant (
  uscc text not null primary key,
  open_id_index text not null,
  at_ms integer not null
);

create table if not exists wechat_rescue (
  id text not null primary key,
  account_id text not null,
  member_id text not null,
  status text not null,
  active_key text null,
  reason text not null,
  file_id text not null,
  ip text not null,
  requested_ms integer not null,
  decided_by text not null,
  decision text not null,
  decided_ms integer null,
  effective_ms integer null
);

create unique index if not exists uk_wechat_rescue_account_id_active_key on wechat_rescue (account_id, active_key);

create index if not exists ix_wechat_rescue_status on wechat_rescue (status, effective_ms);

create index if not exists ix_wechat_rescue_account on wechat_rescue (account_id, id);

insert or ignore into member_level (id, name, position, is_council, tier_id) values
  ('member', '会员单位', 1, 0, null),
  ('director', '理事单位', 2, 1, null),
  ('standing-director', '常务理事单位', 3, 1, null),
  ('vice-president', '副理事长单位', 4, 1, null),
  ('president', '理事长单位', 5, 1, null),
  ('adviser', '顾问', 6, 1, null),
  ('deputy-secretary', '副秘书长', 7, 1, null),
  ('secretary', '秘书长', 8, 1, null);
