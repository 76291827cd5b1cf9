-- How often a letter was told again. Its own count: `attempts` counts what could not be sent, and minutes without NATS
-- used up the tellings before the first.
alter table stackkraft.outbox add column retold integer not null default 0;
