-- Write what a batch made of a partition, if nobody else wrote since it was read.
-- KEYS[1]  hash of the partition; field "@fence" tells how far into the log its values reach
-- ARGV[1]  the fence that the batch started from, -1 for none
-- ARGV[2]  and following: fields and absolute values, the new fence among them
-- Returns  1 where the batch was written
-- ONE write command: a torn append-only file can lose it whole, fence included, but never keep
-- half of it.
if (redis.call('HGET', KEYS[1], '@fence') or '-1') ~= ARGV[1] then
  return 0
end
redis.call('HSET', KEYS[1], unpack(ARGV, 2))
return 1
