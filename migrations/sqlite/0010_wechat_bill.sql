create table if not exists wechat_bill (
  day text not null primary key,
  sha1 text not null,
  payments integer not null,
  booked integer not null,
  differing integer not null,
  compared_ms integer not null
);
