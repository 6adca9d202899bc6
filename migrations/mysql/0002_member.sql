create table if not exists dues_tier (
  id varchar(64) not null primary key,
  name varchar(64) not null,
  position bigint not null
) engine=InnoDB default charset=utf8mb4 collate=utf8mb4_bin;

create table if not exists member_level (
  id varchar(64) not null primary key,
  name varchar(64) not null,
  position bigint not null,
  is_council bigint not null,
  tier_id varchar(64) null,
  unique key uk_member_level_name (name)
) engine=InnoDB default charset=utf8mb4 collate=utf8mb4_bin;

create table if not exists member (
  id varchar(64) not null primary key,
  no varchar(32) not null,
  name varchar(200) not null,
  name_key varchar(200) not null,
  uscc varchar(18) not null,
  uscc_doubtful bigint not null,
  user_type varchar(32) not null,
  level_id varchar(64) not null,
  status varchar(16) not null,
  legal_person varchar(512) not null,
  legal_mobile varchar(255) not null,
  contact varchar(512) not null,
  contact_mobile varchar(255) not null,
  contact_mobile_index varchar(64) not null,
  email varchar(512) not null,
  unit_state varchar(32) not null,
  unit_nature varchar(32) not null,
  industry varchar(32) not null,
  unit_size varchar(32) not null,
  region_code varchar(16) not null,
  region_name varchar(200) not null,
  address varchar(1200) not null,
  joined_on varchar(10) not null,
  profile_complete_ms bigint null,
  version bigint not null,
  created_ms bigint not null,
  unique key uk_member_no (no),
  unique key uk_member_uscc (uscc),
  unique key uk_member_name_key (name_key),
  key ix_member_contact_mobile (contact_mobile_index),
  key ix_member_level (level_id, id),
  key ix_member_status (status, id)
) engine=InnoDB default charset=utf8mb4 collate=utf8mb4_bin;

create table if not exists account (
  id varchar(64) not null primary key,
  member_id varchar(64) not null,
  uscc varchar(18) not null,
  mobile_index varchar(64) not null,
  password_hash varchar(255) not null,
  status varchar(16) not null,
  session_generation bigint not null,
  failed_count bigint not null,
  locked_until_ms bigint not null,
  created_ms bigint not null,
  unique key uk_account_uscc (uscc),
  key ix_account_member (member_id),
  key ix_account_mobile (mobile_index)
) engine=InnoDB default charset=utf8mb4 collate=utf8mb4_bin;

create table if not exists wechat_binding (
  id varchar(64) not null primary key,
  account_id varchar(64) not null,
  app_id varchar(64) not null,
  open_id varchar(512) not null,
  open_id_index varchar(64) not null,
  active_key varchar(8) null,
  bound_ms bigint not null,
  ended_ms bigint null,
  end_reason varchar(200) not null,
  unique key uk_wechat_binding_account_id_active_key (account_id, active_key),
  key ix_wechat_binding_open_id (open_id_index)
) engine=InnoDB default charset=utf8mb4 collate=utf8mb4_bin;

create table if not exists account_device (
  id varchar(64) not null primary key,
  account_id varchar(64) not null,
  device_index varchar(64) not null,
  browser varchar(64) not null,
  first_ms bigint not null,
  last_ms bigint not null,
  last_ip varchar(64) not null,
  session_sealed varchar(256) not null,
  failed_count bigint not null,
  locked_until_ms bigint not null,
  unique key uk_account_device_account_id_device_index (account_id, device_index)
) engine=InnoDB default charset=utf8mb4 collate=utf8mb4_bin;

create table if not exists account_login (
  id varchar(64) not null primary key,
  account_id varchar(64) not null,
  at_ms bigint not null,
  way varchar(16) not null,
  browser varchar(64) not null,
  ip varchar(64) not null,
  is_new_device bigint not null,
  key ix_account_login_account (account_id, id)
) engine=InnoDB default charset=utf8mb4 collate=utf8mb4_bin;

create table if not exists account_code (
  id varchar(64) not null primary key,
  account_id varchar(64) not null,
  purpose varchar(16) not null,
  code_index varchar(64) not null,
  active_key varchar(8) null,
  tries bigint not null,
  issued_by varchar(64) not null,
  issued_ms bigint not null,
  expires_ms bigint not null,
  used_ms bigint null,
  unique key uk_account_code_account_id_purpose_active_key (account_id, purpose, active_key)
) engine=InnoDB default charset=utf8mb4 collate=utf8mb4_bin;

create table if not exists wechat_registrant (
  uscc varchar(18) not null primary key,
  open_id_index varchar(64) not null,
  at_ms bigint not null
) engine=InnoDB default charset=utf8mb4 collate=utf8mb4_bin;

create table if not exists wechat_rescue (
  id varchar(64) not null primary key,
  account_id varchar(64) not null,
  member_id varchar(64) not null,
  status varchar(16) not null,
  active_key varchar(8) null,
  reason varchar(500) not null,
  file_id varchar(64) not null,
  ip varchar(64) not null,
  requested_ms bigint not null,
  decided_by varchar(64) not null,
  decision varchar(500) not null,
  decided_ms bigint null,
  effective_ms bigint null,
  unique key uk_wechat_rescue_account_id_active_key (account_id, active_key),
  key ix_wechat_rescue_status (status, effective_ms),
  key ix_wechat_rescue_account (account_id, id)
) engine=InnoDB default charset=utf8mb4 collate=utf8mb4_bin;

insert ignore into member_level (id, name, position, is_council, tier_id) values
  ('member', '会员单位', 1, 0, null),
  ('director', '理事单位', 2, 1, null),
  ('standing-director', '常务理事单位', 3, 1, null),
  ('vice-president', '副理事长单位', 4, 1, null),
  ('president', '理事长单位', 5, 1, null),
  ('adviser', '顾问', 6, 1, null),
  ('deputy-secretary', '副秘书长', 7, 1, null),
  ('secretary', '秘书长', 8, 1, null);
