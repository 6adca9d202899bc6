create table if not exists wechat_bill (
  day varchar(10) not null primary key,
  sha1 varchar(40) not null,
  payments bigint not null,
  booked bigint not null,
  differing bigint not null,
  compared_ms bigint not null
) engine=InnoDB default charset=utf8mb4 collate=utf8mb4_bin;
