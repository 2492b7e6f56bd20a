-- Replace a value if it is still the one that the writer read.
-- KEYS[1]  a value
-- ARGV[1]  the SHA-1 of the value expected, in hex; of nothing where it was missing
-- ARGV[2]  the value
-- ARGV[3]  seconds to live
-- Returns  1 where the value was written
if redis.sha1hex(redis.call('GET', KEYS[1]) or '') ~= ARGV[1] then
  return 0
end
redis.call('SET', KEYS[1], ARGV[2], 'EX', ARGV[3])
return 1
