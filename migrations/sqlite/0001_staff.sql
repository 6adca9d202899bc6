create table if not exists staff (
  id text not null primary key,
  account text not null,
  name text not null,
  role text not null,
  password_hash text not null,
  status text not null,
  session_generation integer not null,
  failed_count integer not null,
  locked_until_ms integer not null,
  created_ms integer not null
);

create unique index if not exists uk_staff_account on staff (account);

create table if not exists audit_log (
  id text not null primary key,
  at_ms integer not null,
  actor_kind text not null,
  actor_id text not null,
  action text not null,
  object_kind text not null,
  object_id text not null,
  reason text not null,
  detail text not null,
  ip text not null
);

create index if not exists ix_audit_log_object on audit_log (object_kind, object_id, id);
