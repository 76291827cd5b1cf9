-- One row per window that a network counts: (network, whose budget, endpoint, window). The row is the lock that
-- makes "look and take" one step for all clients; the reservations are what was taken.
create table stackkraft.rate_limits (
	limit_id bigint generated always as identity,
	platform text not null,
	-- 'account:<id>' or 'app:<id>': windows of a developer app are shared by all its accounts.
	scope_key text not null,
	endpoint text not null,
	-- 'rolling:<seconds>' or 'calendar-day:<time zone>'.
	window_key text not null,
	limit_total integer not null,
	window_started_at timestamptz not null default '-infinity',
	-- What the network itself said last. It only ever tightens what we count.
	observed_total integer,
	limit_remaining integer,
	reset_at timestamptz,
	observed_at timestamptz,
	constraint rate_limits_pkey primary key (limit_id),
	constraint rate_limits_once unique (platform, scope_key, endpoint, window_key),
	constraint rate_limits_not_negative check (
		limit_total >= 0 and coalesce(observed_total, 0) >= 0 and coalesce(limit_remaining, 0) >= 0
	)
);

create table stackkraft.rate_reservations (
	reservation_id uuid not null,
	limit_id bigint not null,
	cost integer not null,
	reserved_at timestamptz not null,
	constraint rate_reservations_pkey primary key (reservation_id, limit_id),
	constraint rate_reservations_limit_fkey foreign key (limit_id) references stackkraft.rate_limits (limit_id),
	constraint rate_reservations_cost_positive check (cost > 0)
);

-- Serves: what is used in one window, and when the oldest of it falls out.
create index rate_reservations_by_limit on stackkraft.rate_reservations (limit_id, reserved_at) include (cost);

-- Takes `cost` from every window or from none. One round trip, because the locks are held for as long as it
-- takes. Windows come sorted by their key: two calls that share windows lock them in the same order.
create function stackkraft.reserve_limits(
	p_reservation_id uuid, p_platform text, p_cost integer, p_windows jsonb
) returns jsonb
	language plpgsql
	as $$
	declare
		w record;
		l stackkraft.rate_limits;
		v_now timestamptz;
		v_start timestamptz;
		v_total integer;
		v_used bigint;
		v_remaining bigint;
		v_observed bigint;
		v_until timestamptz;
		v_answer jsonb := '[]';
		v_limit_ids bigint[] := '{}';
		v_is_allowed boolean := true;
	begin
		for w in
			select * from jsonb_to_recordset(p_windows) as t(
				scope_key text, endpoint text, window_key text, limit_total integer,
				length_sec integer, started_at timestamptz, resets_at timestamptz
			) order by scope_key, endpoint, window_key
		loop
			-- A no-op update still locks the row, also when this call has just created it.
			insert into stackkraft.rate_limits as r (platform, scope_key, endpoint, window_key, limit_total)
			values (p_platform, w.scope_key, w.endpoint, w.window_key, w.limit_total)
			on conflict (platform, scope_key, endpoint, window_key)
			do update set limit_total = excluded.limit_total where r.limit_total <> excluded.limit_total;
			select * into strict l from stackkraft.rate_limits r
			where (r.platform, r.scope_key, r.endpoint, r.window_key)
				= (p_platform, w.scope_key, w.endpoint, w.window_key)
			for update;

			-- The clock is read under the lock: now() is older than the reservations of those we waited for.
			v_now := clock_timestamp();
			v_total := least(l.limit_total, coalesce(l.observed_total, l.limit_total));
			v_until := null;
			if w.length_sec is not null then
				v_start := v_now - make_interval(secs => w.length_sec);
			else
				-- Days only go forward: a client whose clock is behind must not reopen yesterday's budget.
				v_start := greatest(l.window_started_at, w.started_at) - interval '1 microsecond';
				if w.started_at > l.window_started_at then
					update stackkraft.rate_limits set window_started_at = w.started_at
					where limit_id = l.limit_id;
				end if;
			end if;
			delete from stackkraft.rate_reservations
			where limit_id = l.limit_id and reserved_at <= v_start;

			select coalesce(sum(cost), 0) into v_used from stackkraft.rate_reservations
			where limit_id = l.limit_id;
			v_remaining := v_total - v_used;
			if v_remaining < p_cost and v_total >= p_cost then
				if w.length_sec is null then
					v_until := w.resets_at;
				else
					select min(reserved_at) + make_interval(secs => w.length_sec) into v_until
					from (
						select reserved_at, sum(cost) over (order by reserved_at, reservation_id) as freed
						from stackkraft.rate_reservations where limit_id = l.limit_id
					) as oldest_first
					where freed >= p_cost - v_remaining;
				end if;
			end if;
			if l.reset_at > v_now and l.limit_remaining is not null then
				select l.limit_remaining - coalesce(sum(cost), 0) into v_observed
				from stackkraft.rate_reservations
				where limit_id = l.limit_id and reserved_at > l.observed_at;
				if v_observed < p_cost and v_total >= p_cost then
					v_until := greatest(v_until, l.reset_at);
				end if;
				v_remaining := least(v_remaining, v_observed);
			end if;

			v_is_allowed := v_is_allowed and v_remaining >= p_cost;
			v_limit_ids := v_limit_ids || l.limit_id;
			v_answer := v_answer || jsonb_build_object(
				'endpoint', w.endpoint, 'scopeKey', w.scope_key, 'windowKey', w.window_key,
				'limitTotal', v_total, 'remaining', greatest(v_remaining, 0),
				'isFull', v_remaining < p_cost, 'until', v_until);
		end loop;
		-- A cost of 0 only asks.
		if v_is_allowed and p_cost > 0 then
			insert into stackkraft.rate_reservations (reservation_id, limit_id, cost, reserved_at)
			select p_reservation_id, limit_id, p_cost, clock_timestamp()
			from unnest(v_limit_ids) as taken(limit_id);
		end if;
		return jsonb_build_object('isAllowed', v_is_allowed, 'windows', v_answer);
	end
	$$;
