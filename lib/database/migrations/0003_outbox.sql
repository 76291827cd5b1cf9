-- Every wake-up of a post and every dead letter is a row here first, written in the transaction that makes it
-- necessary. JetStream gets it later, with outbox_id as message id; losing JetStream loses nothing.
create table stackkraft.outbox (
	outbox_id uuid not null default gen_random_uuid(),
	post_id uuid,
	kind text not null,
	subject text not null,
	payload jsonb not null,
	available_at timestamptz not null,
	sent_at timestamptz,
	attempts integer not null default 0,
	last_error text,
	created_at timestamptz not null default now(),
	constraint outbox_pkey primary key (outbox_id),
	constraint outbox_post_fkey foreign key (post_id) references stackkraft.posts (post_id),
	constraint outbox_kind_known check (kind in ('wake-up', 'dead-letter')),
	constraint outbox_wake_up_has_post check (kind <> 'wake-up' or post_id is not null)
);

-- A post has one wake-up ahead of it at most: a doubled tick of the reaper cannot ring twice.
create unique index outbox_one_open_wake_up on stackkraft.outbox (post_id)
	where sent_at is null and kind = 'wake-up';

-- Serves: the relay, which asks for what is due, oldest first.
create index outbox_due on stackkraft.outbox (available_at) where sent_at is null;

-- Serves: the reaper's question "was this post rung lately?".
create index outbox_by_post on stackkraft.outbox (post_id, sent_at);

-- What could not be done, for a person: the message as it came and why. The stream forgets in time, this does not.
create table stackkraft.dead_letters (
	dead_letter_id uuid not null default gen_random_uuid(),
	post_id uuid,
	subject text not null,
	payload text not null,
	headers jsonb not null default '{}',
	error_class text not null,
	reason text not null,
	attempts integer not null,
	failed_at timestamptz not null,
	recorded_at timestamptz not null default now(),
	resolved_at timestamptz,
	constraint dead_letters_pkey primary key (dead_letter_id),
	constraint dead_letters_post_fkey foreign key (post_id) references stackkraft.posts (post_id)
);

-- The same letter delivered twice is one row.
create unique index dead_letters_once on stackkraft.dead_letters (subject, failed_at, md5(payload));

-- Serves: what is still open, by class.
create index dead_letters_open on stackkraft.dead_letters (error_class, failed_at desc) where resolved_at is null;

create table stackkraft.alerts (
	alert_id uuid not null default gen_random_uuid(),
	severity text not null,
	title text not null,
	message text not null default '',
	source text not null default '',
	-- The same trouble again while it is open raises the count, not a second row.
	dedup_key text not null,
	occurrences integer not null default 1,
	details jsonb not null default '{}',
	first_seen_at timestamptz not null default now(),
	last_seen_at timestamptz not null default now(),
	resolved_at timestamptz,
	constraint alerts_pkey primary key (alert_id),
	constraint alerts_severity_known check (severity in ('info', 'warning', 'critical'))
);

create unique index alerts_one_open on stackkraft.alerts (dedup_key) where resolved_at is null;
