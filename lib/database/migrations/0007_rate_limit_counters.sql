-- What is used of a window stands in its row, instead of being summed over its reservations with the row locked:
-- each reservation is counted in once and out once. Many calls are decided under one lock, and only this
-- database's clock is asked. A client of the version before fails loudly: it would not count.
drop function stackkraft.reserve_limits(uuid, text, integer, jsonb);

alter table stackkraft.rate_limits
	-- Units can be money in millionths of a dollar: 2^31 of them are 2,147 dollars.
	alter column limit_total type bigint,
	alter column observed_total type bigint,
	alter column limit_remaining type bigint,
	-- Always the sum of the costs of this window's rows in rate_reservations.
	add column used bigint not null default 0,
	-- Taken since the network spoke: it is not in limit_remaining.
	add column used_since_observed bigint not null default 0,
	add column warned_at timestamptz,
	add constraint rate_limits_used_not_negative check (used >= 0 and used_since_observed >= 0);
alter table stackkraft.rate_reservations alter column cost type bigint;

update stackkraft.rate_limits l
set used = (select coalesce(sum(cost), 0) from stackkraft.rate_reservations r where r.limit_id = l.limit_id),
	used_since_observed = (
		select coalesce(sum(cost), 0) from stackkraft.rate_reservations r
		where r.limit_id = l.limit_id and r.reserved_at > l.observed_at
	),
	-- From now on the end of what was counted out, for both kinds of windows.
	window_started_at = '-infinity';

-- Rows of limits are never deleted, and checking that for every reservation was half of its cost.
alter table stackkraft.rate_reservations drop constraint rate_reservations_limit_fkey;

-- The row changes with every call and none of its indexed columns does: with room on the page no index is touched.
alter table stackkraft.rate_limits set (fillfactor = 40);

-- What a window counts at a moment: reservations after `counts_after`. Calendar windows begin in their own zone.
create function stackkraft.window_bounds(
	p_window_key text, p_now timestamptz, out counts_after timestamptz, out resets_at timestamptz
)
	language plpgsql stable as $$
	declare
		v_kind text := split_part(p_window_key, ':', 1);
		v_rest text := substr(p_window_key, length(v_kind) + 2);
		v_unit text;
		v_first timestamp;
		v_next timestamp;
		v_start timestamptz;
		c_hour constant interval := interval '1 hour';
	begin
		if v_kind = 'rolling' then
			counts_after := p_now - make_interval(secs => v_rest::double precision);
			return;
		end if;
		v_unit := case v_kind when 'calendar-day' then 'day' when 'calendar-month' then 'month' end;
		if v_unit is null then
			raise exception 'There is no window "%".', p_window_key using errcode = 'invalid_parameter_value';
		end if;
		v_first := date_trunc(v_unit, p_now at time zone v_rest);
		v_next := v_first + ('1 ' || v_unit)::interval;
		v_start := v_first at time zone v_rest;
		resets_at := v_next at time zone v_rest;
		-- Where clocks go back over midnight it comes twice, and PostgreSQL names the second.
		if date_trunc(v_unit, (v_start - c_hour) at time zone v_rest) = v_first then
			v_start := v_start - c_hour;
		end if;
		if date_trunc(v_unit, (resets_at - c_hour) at time zone v_rest) = v_next then
			resets_at := resets_at - c_hour;
		end if;
		counts_after := v_start - interval '1 microsecond';
	end
	$$;

-- Locks the row of a window, creating it when it is new.
create function stackkraft.lock_limit(
	p_platform text, p_scope_key text, p_endpoint text, p_window_key text, p_limit_total bigint
) returns stackkraft.rate_limits
	language plpgsql as $$
	declare
		l stackkraft.rate_limits;
	begin
		for attempt in 1..2 loop
			select * into l from stackkraft.rate_limits r
			where r.platform = p_platform and r.scope_key = p_scope_key
				and r.endpoint = p_endpoint and r.window_key = p_window_key
			for update;
			exit when found;
			insert into stackkraft.rate_limits (platform, scope_key, endpoint, window_key, limit_total)
			values (p_platform, p_scope_key, p_endpoint, p_window_key, p_limit_total)
			on conflict do nothing;
		end loop;
		l.limit_total := p_limit_total;
		return l;
	end
	$$;

-- Counts out what is no longer in the window. The caller holds the lock and writes the row.
create function stackkraft.count_out(l stackkraft.rate_limits, p_counts_after timestamptz)
	returns stackkraft.rate_limits
	language plpgsql as $$
	declare
		v_gone bigint;
	begin
		-- Windows only go forward. From where the last one ended, so that the index entries of rows long deleted
		-- are not walked again.
		if p_counts_after <= l.window_started_at then return l; end if;
		with gone as (
			delete from stackkraft.rate_reservations
			where limit_id = l.limit_id and reserved_at > l.window_started_at and reserved_at <= p_counts_after
			returning cost
		)
		select coalesce(sum(cost), 0) into v_gone from gone;
		if v_gone > 0 or l.window_key not like 'rolling:%' then
			l.used := l.used - v_gone;
			l.window_started_at := p_counts_after;
		end if;
		return l;
	end
	$$;

-- What is left by our count and by the network's own word, whichever is less.
create function stackkraft.limit_left(l stackkraft.rate_limits, p_now timestamptz) returns bigint
	language plpgsql immutable as $$
	begin
		return least(
			least(l.limit_total, l.observed_total) - l.used,
			case when l.reset_at > p_now then l.limit_remaining - l.used_since_observed end);
	end
	$$;

-- When `p_cost` fits again if nobody else comes; null when it never does. Rolling windows free their oldest first.
create function stackkraft.limit_until(l stackkraft.rate_limits, p_cost bigint, p_now timestamptz)
	returns timestamptz
	language plpgsql stable as $$
	declare
		v_total bigint := least(l.limit_total, l.observed_total);
		v_missing bigint := p_cost - (v_total - l.used);
		v_length interval;
		v_until timestamptz;
	begin
		if v_total < p_cost then return null; end if;
		if v_missing > 0 then
			v_until := (stackkraft.window_bounds(l.window_key, p_now)).resets_at;
		end if;
		if v_missing > 0 and v_until is null then
			v_length := p_now - (stackkraft.window_bounds(l.window_key, p_now)).counts_after;
			-- In the order of the index and with a limit, so that it stops at the row that it looks for.
			select reserved_at + v_length into v_until
			from (
				select reserved_at, sum(cost) over (
					order by reserved_at rows between unbounded preceding and current row
				) as freed
				from stackkraft.rate_reservations
				where limit_id = l.limit_id and reserved_at > l.window_started_at
			) as oldest_first
			where freed >= v_missing
			order by reserved_at limit 1;
			-- Then it waits for calls that are granted in this very statement.
			v_until := coalesce(v_until, p_now + v_length);
		end if;
		if l.reset_at > p_now and l.limit_remaining - l.used_since_observed < p_cost then
			v_until := greatest(v_until, l.reset_at);
		end if;
		-- Rounded up: clients have milliseconds, and one that comes a microsecond early would wait once more.
		return date_trunc('milliseconds', v_until + interval '999 microseconds');
	end
	$$;

-- Below a fifth people are told, once per window. The alert ends when a later window has room again.
create function stackkraft.warn_low(
	l stackkraft.rate_limits, p_left bigint, p_counts_after timestamptz, p_now timestamptz
) returns timestamptz
	language plpgsql as $$
	declare
		v_total bigint := least(l.limit_total, l.observed_total);
		v_key text := concat_ws(' ', 'rate-limit', l.platform, l.scope_key, l.endpoint, l.window_key);
	begin
		if l.warned_at > p_counts_after then return l.warned_at; end if;
		if p_left * 5 >= v_total then
			if l.warned_at is not null then
				update stackkraft.alerts set resolved_at = p_now
				where dedup_key = v_key and resolved_at is null;
			end if;
			return null;
		end if;
		insert into stackkraft.alerts (severity, title, message, source, dedup_key, details)
		values (
			'warning', format('Below 20 %% of a rate limit on %s', l.platform),
			format('%s (%s): %s of %s left.', l.endpoint, l.scope_key, greatest(p_left, 0), v_total),
			'rate-limit', v_key,
			jsonb_build_object(
				'platform', l.platform, 'scopeKey', l.scope_key, 'endpoint', l.endpoint,
				'windowKey', l.window_key, 'limitTotal', v_total, 'remaining', greatest(p_left, 0))
		)
		on conflict (dedup_key) where resolved_at is null do update set
			occurrences = alerts.occurrences + 1, last_seen_at = p_now,
			message = excluded.message, details = excluded.details;
		return p_now;
	end
	$$;

-- Writes what a statement decided, when it changed anything. The caller holds the lock.
create function stackkraft.settle_limit(
	l stackkraft.rate_limits, p_taken bigint, p_counts_after timestamptz, p_now timestamptz
) returns void
	language plpgsql as $$
	begin
		l.used := l.used + p_taken;
		l.used_since_observed := l.used_since_observed + case when l.observed_at is null then 0 else p_taken end;
		l.warned_at := stackkraft.warn_low(l, stackkraft.limit_left(l, p_now), p_counts_after, p_now);
		update stackkraft.rate_limits r set
			limit_total = l.limit_total, used = l.used, used_since_observed = l.used_since_observed,
			window_started_at = l.window_started_at, warned_at = l.warned_at
		where r.limit_id = l.limit_id
			and (r.limit_total, r.used, r.window_started_at, r.warned_at)
				is distinct from (l.limit_total, l.used, l.window_started_at, l.warned_at);
	end
	$$;

-- Not all fit: one call after the other. Of a refused call it says which windows are full and until when.
create function stackkraft.decide_in_order(
	p_limits stackkraft.rate_limits[], p_left bigint[], p_calls integer[], p_positions integer[],
	p_costs bigint[], p_now timestamptz, out taken bigint[], out is_granted boolean[], out refused jsonb
)
	language plpgsql as $$
	declare
		l stackkraft.rate_limits;
		e integer := 1;
		v_end integer;
		k integer;
		v_full integer[];
		v_until timestamptz;
		v_refused jsonb[] := '{}';
		-- Many calls are refused for the same reason.
		v_known_cost bigint[] := '{}';
		v_known_until timestamptz[] := '{}';
	begin
		taken := array_fill(0::bigint, array[cardinality(p_limits)]);
		is_granted := '{}';
		while e <= cardinality(p_calls) loop
			v_full := '{}';
			v_until := null;
			v_end := e;
			while p_calls[v_end] = p_calls[e] loop
				k := p_positions[v_end];
				if p_left[k] - taken[k] < p_costs[v_end] then
					v_full := v_full || k;
					if v_known_cost[k] is distinct from p_costs[v_end] then
						l := p_limits[k];
						l.used := l.used + taken[k];
						l.used_since_observed := l.used_since_observed + taken[k];
						v_known_until[k] := stackkraft.limit_until(l, p_costs[v_end], p_now);
						v_known_cost[k] := p_costs[v_end];
					end if;
					v_until := greatest(v_until, v_known_until[k]);
				end if;
				v_end := v_end + 1;
			end loop;
			is_granted[p_calls[e]] := v_full = '{}';
			if v_full = '{}' then
				for i in e..v_end - 1 loop
					k := p_positions[i];
					taken[k] := taken[k] + p_costs[i];
					v_known_cost[k] := null;
				end loop;
			else
				v_refused := v_refused
					|| jsonb_build_object('call', p_calls[e], 'full', v_full, 'until', v_until);
			end if;
			e := v_end;
		end loop;
		refused := to_jsonb(v_refused);
	end
	$$;

-- Decides many calls in their order, each in all of its windows or in none. Rows are locked in the order of their
-- keys, which everybody keeps, so no two statements wait for each other. One entry of `p_calls`, `p_positions` and
-- `p_costs` says what one call costs in one window; entries of a call stand together. Without calls it only looks.
create function stackkraft.reserve_limits(
	p_platform text, p_windows jsonb, p_ids uuid[], p_calls integer[], p_positions integer[], p_costs bigint[]
) returns jsonb
	language plpgsql as $$
	declare
		w record;
		l stackkraft.rate_limits;
		k integer;
		v_now timestamptz;
		-- By position of the window.
		v_limits stackkraft.rate_limits[] := '{}';
		v_counts_after timestamptz[] := '{}';
		v_totals bigint[] := '{}';
		v_left bigint[] := '{}';
		v_taken bigint[] := '{}';
		v_fits boolean := true;
		v_is_granted boolean[] := array_fill(true, array[cardinality(p_ids)]);
		v_refused jsonb := '[]';
	begin
		for w in select * from jsonb_to_recordset(p_windows) as t(
			position integer, scope_key text, endpoint text, window_key text, limit_total bigint
		) order by scope_key, endpoint, window_key loop
			v_limits[w.position] := stackkraft.lock_limit(
				p_platform, w.scope_key, w.endpoint, w.window_key, w.limit_total);
		end loop;
		-- Read under all locks: now() is older than the reservations of those we waited for.
		v_now := clock_timestamp();
		for k in 1..cardinality(v_limits) loop
			v_counts_after[k] := (stackkraft.window_bounds((v_limits[k]).window_key, v_now)).counts_after;
			l := stackkraft.count_out(v_limits[k], v_counts_after[k]);
			v_limits[k] := l;
			v_totals[k] := least(l.limit_total, l.observed_total);
			v_left[k] := stackkraft.limit_left(l, v_now);
		end loop;
		v_taken := array_fill(0::bigint, array[cardinality(v_limits)]);
		for e in 1..cardinality(p_positions) loop
			v_taken[p_positions[e]] := v_taken[p_positions[e]] + p_costs[e];
		end loop;
		for k in 1..cardinality(v_limits) loop
			v_fits := v_fits and v_taken[k] <= v_left[k];
		end loop;
		-- Mostly all of them fit, and then their order does not matter.
		if not v_fits then
			select * into v_taken, v_is_granted, v_refused from stackkraft.decide_in_order(
				v_limits, v_left, p_calls, p_positions, p_costs, v_now);
		end if;
		insert into stackkraft.rate_reservations (reservation_id, limit_id, cost, reserved_at)
		-- A clock that was set back must not put a row where nobody counts it out any more.
		select p_ids[t.call], m.limit_id, t.cost, greatest(v_now, m.window_started_at + interval '1 microsecond')
		from unnest(p_calls, p_positions, p_costs) as t(call, p, cost)
		join unnest(v_limits) with ordinality as m on m.ordinality = t.p
		where v_is_granted[t.call];
		for k in 1..cardinality(v_limits) loop
			perform stackkraft.settle_limit(v_limits[k], v_taken[k], v_counts_after[k], v_now);
			v_left[k] := greatest(v_left[k] - v_taken[k], 0);
		end loop;
		return jsonb_build_object('totals', v_totals, 'left', v_left, 'refused', v_refused);
	end
	$$;

-- The call was not made: gives back what is still counted, in every window. Locks in the order of the others.
create function stackkraft.release_reservation(p_reservation_id uuid) returns boolean
	language plpgsql as $$
	begin
		perform 1 from stackkraft.rate_limits
		where limit_id in (
			select limit_id from stackkraft.rate_reservations where reservation_id = p_reservation_id
		)
		order by scope_key, endpoint, window_key
		for update;
		with given_back as (
			delete from stackkraft.rate_reservations where reservation_id = p_reservation_id
			returning limit_id, cost, reserved_at
		)
		update stackkraft.rate_limits l set
			used = l.used - g.cost,
			used_since_observed = l.used_since_observed - case when g.reserved_at > l.observed_at then g.cost else 0 end
		from given_back g where g.limit_id = l.limit_id;
		return found;
	end
	$$;

-- What the network said. It only ever tightens what we count: within one of its windows what is left goes down
-- alone, so an answer that says more is late, or does not know of calls that are on their way.
create function stackkraft.learn_limit(p_platform text, p_window jsonb, p_seen jsonb) returns boolean
	language plpgsql as $$
	declare
		l stackkraft.rate_limits;
		v_now timestamptz;
		v_seen_at timestamptz;
		v_reset_at timestamptz;
		v_taken_since bigint;
		v_remaining bigint := (p_seen ->> 'remaining')::bigint;
	begin
		l := stackkraft.lock_limit(
			p_platform, p_window ->> 'scope_key', p_window ->> 'endpoint', p_window ->> 'window_key',
			(p_window ->> 'limit_total')::bigint);
		v_now := clock_timestamp();
		v_seen_at := v_now - make_interval(secs => (p_seen ->> 'age_sec')::double precision);
		-- A mistaken date must not stop an account for years.
		v_reset_at := least(v_now + interval '35 days', coalesce((p_seen ->> 'reset_at')::timestamptz,
			v_seen_at + make_interval(secs => (p_seen ->> 'reset_after_sec')::double precision)));
		if l.observed_at > v_seen_at then return false; end if;
		select coalesce(sum(cost), 0) into v_taken_since from stackkraft.rate_reservations
		where limit_id = l.limit_id and reserved_at > v_seen_at;
		update stackkraft.rate_limits
		set observed_total = coalesce((p_seen ->> 'total')::bigint, observed_total)
		where limit_id = l.limit_id;
		if l.reset_at > v_now and abs(extract(epoch from l.reset_at - v_reset_at)) <= 5
			and l.limit_remaining - l.used_since_observed <= v_remaining - v_taken_since then
			return false;
		end if;
		update stackkraft.rate_limits set
			limit_remaining = v_remaining, reset_at = v_reset_at, observed_at = v_seen_at,
			used_since_observed = v_taken_since
		where limit_id = l.limit_id;
		return true;
	end
	$$;
