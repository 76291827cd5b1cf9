-- A post is one clip on one account of one network. What may follow what is enforced here as well as in code
-- (lib/publishing/transitions.ts), so that no path, however wrong, can record a second success.
create table stackkraft.posts (
	post_id uuid not null default gen_random_uuid(),
	clip_id text,
	platform text not null,
	account_id text not null,
	-- Two posts of one clip on one account are the same post unless someone names another slot on purpose.
	slot text not null default '',
	content jsonb not null,
	media_ref text,
	idempotency_key text not null,
	content_hash text not null,
	state text not null default 'pending',
	state_changed_at timestamptz not null default now(),
	epoch integer not null default 0,
	lease_expires_at timestamptz,
	handle jsonb,
	is_uploaded boolean not null default false,
	commit_armed_at timestamptz,
	commit_checks integer not null default 0,
	platform_post_id text,
	platform_url text,
	retry_count integer not null default 0,
	next_attempt_at timestamptz not null,
	last_error jsonb,
	scheduled_at timestamptz not null,
	published_at timestamptz,
	created_at timestamptz not null default now(),
	updated_at timestamptz not null default now(),
	constraint posts_pkey primary key (post_id),
	constraint posts_idempotency_key_once unique (idempotency_key),
	constraint posts_clip_fkey foreign key (clip_id) references stackkraft.clips (clip_id),
	constraint posts_account_fkey foreign key (platform, account_id)
		references stackkraft.accounts (platform, account_id),
	constraint posts_state_known check (
		state in ('pending', 'queued', 'publishing', 'posted', 'unknown', 'failed', 'cancelled')
	),
	constraint posts_counts_not_negative check (epoch >= 0 and retry_count >= 0 and commit_checks >= 0),
	constraint posts_posted_has_proof check (
		(state = 'posted' and platform_post_id is not null and platform_url is not null and published_at is not null)
		or (state <> 'posted' and platform_post_id is null and platform_url is null and published_at is null)
	),
	-- Unknown means that the irreversible call may have gone out: without the mark a worker would send again.
	constraint posts_unknown_is_armed check (state <> 'unknown' or commit_armed_at is not null),
	constraint posts_lease_only_while_worked_on check (
		lease_expires_at is null or state in ('publishing', 'unknown')
	)
);

-- One live post of the far side belongs to one row: the second success cannot be written down.
create unique index posts_live_once on stackkraft.posts (platform, account_id, platform_post_id)
	where platform_post_id is not null;

-- One open or live post per clip, account and slot.
create unique index posts_clip_once on stackkraft.posts (clip_id, platform, account_id, slot)
	where clip_id is not null and state <> 'cancelled';

-- Serves: the reaper, which asks for what is open and overdue.
create index posts_open on stackkraft.posts (state, next_attempt_at)
	where state in ('pending', 'queued', 'publishing', 'unknown');

-- Serves: Get Many by state and network, newest first.
create index posts_by_state on stackkraft.posts (state, platform, scheduled_at desc);

-- Serves: the posts that are due for metrics.
create index posts_published on stackkraft.posts (published_at) where state = 'posted';

create table stackkraft.post_events (
	event_id bigint generated always as identity,
	post_id uuid not null,
	at timestamptz not null default clock_timestamp(),
	event text not null,
	from_state text,
	to_state text,
	epoch integer not null,
	details jsonb not null default '{}',
	constraint post_events_pkey primary key (event_id),
	constraint post_events_post_fkey foreign key (post_id) references stackkraft.posts (post_id)
);

-- Serves: the story of one post, in order.
create index post_events_by_post on stackkraft.post_events (post_id, event_id);

create function stackkraft.post_transition_allowed(from_state text, to_state text) returns boolean
	language sql immutable
	as $$
		select (from_state, to_state) in (
			('pending', 'queued'), ('pending', 'publishing'), ('pending', 'cancelled'), ('pending', 'failed'),
			('queued', 'publishing'), ('queued', 'pending'), ('queued', 'cancelled'), ('queued', 'failed'),
			('publishing', 'publishing'), ('publishing', 'posted'), ('publishing', 'unknown'),
			('publishing', 'pending'), ('publishing', 'failed'),
			('unknown', 'publishing'), ('unknown', 'posted'), ('unknown', 'unknown'), ('unknown', 'failed'),
			('failed', 'pending'), ('failed', 'cancelled')
		)
	$$;

-- A transition is a change of state or of the epoch: a takeover keeps the state and raises the epoch.
create function stackkraft.posts_guard() returns trigger
	language plpgsql
	as $$
	begin
		if new.epoch < old.epoch then
			raise exception 'post % cannot go back from epoch % to %', old.post_id, old.epoch, new.epoch
				using errcode = 'check_violation', constraint = 'posts_epoch_only_grows';
		end if;
		if (new.state <> old.state or new.epoch <> old.epoch)
			and not stackkraft.post_transition_allowed(old.state, new.state) then
			raise exception 'post % cannot go from % to %', old.post_id, old.state, new.state
				using errcode = 'check_violation', constraint = 'posts_transition_allowed';
		end if;
		if old.state = 'posted' and (new.platform_post_id, new.platform_url, new.published_at)
			is distinct from (old.platform_post_id, old.platform_url, old.published_at) then
			raise exception 'post % is posted: what proves it cannot change', old.post_id
				using errcode = 'check_violation', constraint = 'posts_proof_is_final';
		end if;
		new.updated_at := now();
		if new.state <> old.state then
			new.state_changed_at := now();
		end if;
		return new;
	end
	$$;

create trigger posts_guard before update on stackkraft.posts
	for each row execute function stackkraft.posts_guard();

-- The story writes itself: a code path that forgot to append would be a change that nobody can explain later.
create function stackkraft.posts_tell() returns trigger
	language plpgsql
	as $$
	begin
		if tg_op = 'INSERT' then
			insert into stackkraft.post_events (post_id, event, to_state, epoch, details)
			values (new.post_id, 'created', new.state, new.epoch,
				jsonb_build_object('scheduledAt', new.scheduled_at));
			return null;
		end if;
		-- The two lines of the story that decide whether anything may be sent again.
		if (new.commit_armed_at is null) <> (old.commit_armed_at is null) and new.state <> 'posted' then
			insert into stackkraft.post_events (post_id, event, epoch)
			values (new.post_id,
				case when new.commit_armed_at is null then 'commit-disarmed' else 'commit-armed' end, new.epoch);
		end if;
		if new.state <> old.state or new.epoch <> old.epoch then
			insert into stackkraft.post_events (post_id, event, from_state, to_state, epoch, details)
			values (new.post_id,
				case when new.epoch > old.epoch then 'claimed' else 'state-changed' end,
				old.state, new.state, new.epoch,
				jsonb_strip_nulls(jsonb_build_object(
					'error', case when new.last_error is distinct from old.last_error then new.last_error end,
					'nextAttemptAt',
					case when new.state in ('pending', 'unknown') then new.next_attempt_at end,
					'platformPostId', new.platform_post_id,
					'url', new.platform_url,
					'retryCount', nullif(new.retry_count, 0)
				)));
		end if;
		return null;
	end
	$$;

create trigger posts_tell after insert or update on stackkraft.posts
	for each row execute function stackkraft.posts_tell();

create function stackkraft.refuse_change() returns trigger
	language plpgsql
	as $$
	begin
		raise exception '% is append-only', tg_table_name using errcode = 'restrict_violation';
	end
	$$;

create trigger post_events_append_only before update or delete or truncate on stackkraft.post_events
	for each statement execute function stackkraft.refuse_change();
