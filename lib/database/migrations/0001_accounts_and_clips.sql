-- One account of one network, as the subjects name it: content.publish.<platform>.<account_id>.
create table stackkraft.accounts (
	platform text not null,
	account_id text not null,
	display_name text not null default '',
	is_enabled boolean not null default true,
	created_at timestamptz not null default now(),
	constraint accounts_pkey primary key (platform, account_id),
	constraint accounts_platform_known check (
		platform in ('youtube', 'tiktok', 'instagram', 'x', 'linkedin', 'facebook', 'threads')
	),
	-- What a NATS subject token may hold; anything else would split or widen the subject.
	constraint accounts_account_id_is_token check (account_id ~ '^[A-Za-z0-9_-]{1,64}$')
);

-- clip_id is derived from the source's content, the cut and the render settings: the same clip twice is one row.
create table stackkraft.clips (
	clip_id text not null,
	source text not null,
	start_sec double precision not null,
	end_sec double precision not null,
	title text not null default '',
	hook text not null default '',
	transcript text not null default '',
	score double precision,
	score_parts jsonb not null default '{}',
	reason text not null default '',
	media_ref text not null,
	sha256 text,
	size_bytes bigint,
	width_px integer,
	height_px integer,
	suggestions jsonb not null default '{}',
	request_id text not null,
	created_at timestamptz not null default now(),
	constraint clips_pkey primary key (clip_id),
	constraint clips_end_after_start check (end_sec > start_sec)
);

-- Serves: the clips of one request, best first.
create index clips_by_request on stackkraft.clips (request_id, score desc);
