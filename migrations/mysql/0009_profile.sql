-- What a member says of itself beyond the registration, its history, tags, change requests and candidates.
create table if not exists member_detail (
  member_id varchar(64) not null primary key,
  sealed mediumtext not null
) engine=InnoDB default charset=utf8mb4 collate=utf8mb4_bin;

create table if not exists member_change (
  id varchar(64) not null primary key,
  member_id varchar(64) not null,
  version bigint not null,
  at_ms bigint not null,
  field varchar(32) not null,
  sealed_before mediumtext not null,
  sealed_after mediumtext not null,
  source varchar(32) not null,
  actor_kind varchar(32) not null,
  actor_id varchar(64) not null,
  reason varchar(1000) not null,
  key ix_member_change_member (member_id, version, id)
) engine=InnoDB default charset=utf8mb4 collate=utf8mb4_bin;

create table if not exists member_tag (
  member_id varchar(64) not null,
  tag varchar(64) not null,
  primary key (member_id, tag),
  key ix_member_tag_tag (tag, member_id)
) engine=InnoDB default charset=utf8mb4 collate=utf8mb4_bin;

create table if not exists tag (
  name varchar(64) not null primary key,
  created_ms bigint not null
) engine=InnoDB default charset=utf8mb4 collate=utf8mb4_bin;

create table if not exists change_request (
  id varchar(64) not null primary key,
  no varchar(32) not null,
  member_id varchar(64) not null,
  status varchar(32) not null,
  active_key varchar(8) null,
  sealed_before mediumtext not null,
  sealed_after mediumtext not null,
  note varchar(1000) not null,
  files varchar(1000) not null,
  submitted_by varchar(64) not null,
  submitted_ms bigint not null,
  decided_by varchar(64) not null,
  decided_ms bigint null,
  decision varchar(1000) not null,
  unique key uk_change_request_no (no),
  unique key uk_change_request_member_id_active_key (member_id, active_key),
  key ix_change_request_status (status, id),
  key ix_change_request_member (member_id, id)
) engine=InnoDB default charset=utf8mb4 collate=utf8mb4_bin;

create table if not exists candidate_list (
  member_id varchar(64) not null primary key,
  sealed mediumtext not null,
  version bigint not null,
  changed_ms bigint not null
) engine=InnoDB default charset=utf8mb4 collate=utf8mb4_bin;

create table if not exists candidate_proposal (
  id varchar(64) not null primary key,
  member_id varchar(64) not null,
  status varchar(32) not null,
  active_key varchar(8) null,
  base_version bigint not null,
  sealed mediumtext not null,
  submitted_by varchar(64) not null,
  submitted_ms bigint not null,
  decided_by varchar(64) not null,
  decided_ms bigint null,
  decision varchar(1000) not null,
  unique key uk_candidate_proposal_member_id_active_key (member_id, active_key),
  key ix_candidate_proposal_status (status, id),
  key ix_candidate_proposal_member (member_id, id)
) engine=InnoDB default charset=utf8mb4 collate=utf8mb4_bin;
