-- Take a lease that is free, or keep one that is the holder's already.
-- KEYS[1]  the lease; its value is the holder
-- ARGV[1]  holder
-- ARGV[2]  milliseconds
-- Returns  1 where it is the holder's now
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then
  return 0
end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1
