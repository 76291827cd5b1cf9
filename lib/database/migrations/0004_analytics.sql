-- One snapshot per post and hour: a sync that runs twice in an hour corrects its row instead of adding one.
-- Null means that the network does not say; 0 means that it says zero.
create table stackkraft.analytics (
	snapshot_id bigint generated always as identity,
	post_id uuid not null,
	hour_slot timestamptz not null,
	fetched_at timestamptz not null,
	age_seconds integer not null,
	views bigint,
	likes bigint,
	comments bigint,
	shares bigint,
	saves bigint,
	clicks bigint,
	watch_time_seconds bigint,
	reach bigint,
	impressions bigint,
	-- A ratio: 0.05 is five in a hundred.
	engagement_rate numeric(9, 6),
	raw jsonb not null default '{}',
	constraint analytics_pkey primary key (snapshot_id),
	constraint analytics_once_an_hour unique (post_id, hour_slot),
	constraint analytics_post_fkey foreign key (post_id) references stackkraft.posts (post_id)
);
