-- A refused call reads only as much of the window's index as it needs. Before, the planner liked to read and sort the
-- whole window to find its first row: 64 refusals of a window with 25,600 calls took 9 ms, all of it under the lock.
alter function stackkraft.limit_until(stackkraft.rate_limits, bigint, timestamptz) set enable_sort = off;
alter function stackkraft.limit_until(stackkraft.rate_limits, bigint, timestamptz) set enable_bitmapscan = off;
