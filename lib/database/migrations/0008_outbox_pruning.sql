-- Serves: the pruning of what was sent long ago, so that the table grows with the work of a day and not for ever.
create index outbox_sent on stackkraft.outbox (sent_at) where sent_at is not null;
