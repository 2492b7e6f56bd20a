-- Give a pool new members at once.
-- KEYS[1]  sorted set
-- ARGV     scores and members in turn; none: the pool ends
redis.call('DEL', KEYS[1])
for first = 1, #ARGV, 1000 do
  redis.call('ZADD', KEYS[1], unpack(ARGV, first, math.min(first + 999, #ARGV)))
end
return 1
