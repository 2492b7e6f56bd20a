-- Cost-based rate limit by the generic cell rate algorithm, in one call.
-- KEYS[1]  the limited party; holds the theoretical arrival time, microseconds
-- ARGV[1]  units to charge
-- ARGV[2]  microseconds in which one unit grows back
-- ARGV[3]  units that may be spent at once
-- Returns  {1 or 0, units left, microseconds until the charge would pass, until all is restored}
local cost, interval, burst = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local time = redis.call('TIME') -- the server's clock is the only one that all callers share
local now = time[1] * 1000000 + time[2]

local arrival = math.max(tonumber(redis.call('GET', KEYS[1]) or '0'), now)
local charged = arrival + cost * interval
local wait = charged - burst * interval - now
local allowed = wait <= 0 or cost <= 0
if allowed then
  if charged > arrival then
    local life = math.ceil((charged - now) / 1000)
    redis.call('SET', KEYS[1], string.format('%.0f', charged), 'PX', life)
  end
  arrival, wait = charged, 0
end
local left = math.max(0, math.floor((now + burst * interval - arrival) / interval))
return {allowed and 1 or 0, left, wait, arrival - now}
