-- Give a pool new members at once.
-- KEYS[1]  sorted set
-- ARGV[1]  seconds to live, 0 for a pool that lives on
-- ARGV[2]  and following: scores and members in turn; none: the pool ends
redis.call('DEL', KEYS[1])
for first = 2, #ARGV, 1000 do
  redis.call('ZADD', KEYS[1], unpack(ARGV, first, math.min(first + 999, #ARGV)))
end
if ARGV[1] ~= '0' then
  redis.call('EXPIRE', KEYS[1], ARGV[1])
end
return 1
