-- What a member says of itself beyond the registration, its history, tags, change requests and candidates.
create table if not exists member_detail (
  member_id text not null primary key,
  sealed text not null
);

create table if not exists member_change (
  id text not null primary key,
  member_id text not null,
  version integer not null,
  at_ms integer not null,
  field text not null,
  sealed_before text not null,
  sealed_after text not null,
  source text not null,
  actor_kind text not null,
  actor_id text not null,
  reason text not null
);

create index if not exists ix_member_change_member on member_change (member_id, version, id);

create table if not exists member_tag (
  member_id text not null,
  tag text not null,
  primary key (member_id, tag)
);

create index if not exists ix_member_tag_tag on member_tag (tag, member_id);

create table if not exists tag (
  name text not null primary key,
  created_ms integer not null
);

create table if not exists change_request (
  id text not null primary key,
  no text not null,
  member_id text not null,
  status text not null,
  active_key text null,
  sealed_before text not null,
  sealed_after text not null,
  note text not null,
  files text not null,
  submitted_by text not null,
  submitted_ms integer not null,
  decided_by text not null,
  decided_ms integer null,
  decision text not null
);

create unique index if not exists uk_change_request_no on change_request (no);

create unique index if not exists uk_change_request_member_id_active_key on change_request (member_id, active_key);

create index if not exists ix_change_request_status on change_request (status, id);

create index if not exists ix_change_request_member on change_request (member_id, id);

create table if not exists candidate_list (
  member_id text not null primary key,
  sealed text not null,
  version integer not null,
  changed_ms integer not null
);

create table if not exists candidate_proposal (
  id text not null primary key,
  member_id text not null,
  status text not null,
  active_key text null,
  base_version integer not null,
  sealed text not null,
  submitted_by text not null,
  submitted_ms integer not null,
  decided_by text not null,
  decided_ms integer null,
  decision text not null
);

create unique index if not exists uk_candidate_proposal_member_id_active_key on candidate_proposal (member_id, active_key);

create index if not exists ix_candidate_proposal_status on candidate_proposal (status, id);

create index if not exists ix_candidate_proposal_member on candidate_proposal (member_id, id);
