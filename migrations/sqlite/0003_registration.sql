create table if not exists registration (
  id text not null primary key,
  no text not null,
  channel text not null,
  name text not null,
  name_key text not null,
  name_core text not null,
  uscc text not null,
  uscc_doubtful integer not null,
  legal_person text not null,
  legal_mobile text not null,
  legal_mobile_index text not null,
  contact text not null,
  contact_mobile text not null,
  contact_mobile_index text not null,
  user_type text not null,
  password_hash text not null,
  charter_version text not null,
  privacy_version text not null,
  consent_ms integer not null,
  consent_ip text not null,
  status text not null,
  reason text not null,
  level_id text null,
  member_id text null,
  decided_by text not null,
  decided_ms integer null,
  submitted_ms integer not null,
  version integer not null,
  queued_ms integer not null,
  urged_ms integer null,
  endorsed_by text not null,
  endorsed_ms integer null,
  defects text not null,
  scans text not null,
  open_id text not null,
  uscc_live text null,
  name_live text null
);

create unique index if not exists uk_registration_no on registration (no);

create unique index if not exists uk_registration_uscc_live on registration (uscc_live);

create unique index if not exists uk_registration_name_live on registration (name_live);

create index if not exists ix_registration_status on registration (status, id, name_key, queued_ms);

create index if not exists ix_registration_uscc on registration (uscc, id);

create index if not exists ix_registration_name_core on registration (name_core, id);

create index if not exists ix_registration_legal_mobile on registration (legal_mobile_index, id);

create index if not exists ix_registration_contact_mobile on registration (contact_mobile_index, id);
