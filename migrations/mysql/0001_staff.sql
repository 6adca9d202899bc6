create table if not exists staff (
  id varchar(64) not null primary key,
  account varchar(64) not null,
  name varchar(64) not null,
  role varchar(32) not null,
  password_hash varchar(255) not null,
  status varchar(16) not null,
  session_generation bigint not null,
  failed_count bigint not null,
  locked_until_ms bigint not null,
  created_ms bigint not null,
  unique key uk_staff_account (account)
) engine=InnoDB default charset=utf8mb4 collate=utf8mb4_bin;

create table if not exists audit_log (
  id varchar(64) not null primary key,
  at_ms bigint not null,
  actor_kind varchar(16) not null,
  actor_id varchar(64) not null,
  action varchar(64) not null,
  object_kind varchar(32) not null,
  object_id varchar(64) not null,
  reason varchar(500) not null,
  detail text not null,
  ip varchar(64) not null,
  key ix_audit_log_object (object_kind, object_id, id)
) engine=InnoDB default charset=utf8mb4 collate=utf8mb4_bin;
