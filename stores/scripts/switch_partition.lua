-- Put a partition that was prepared in the place of the live one, unless it would lead it onwards.
-- KEYS[1]  hash of the live partition
-- ARGV[1]  hash of the prepared one, in the same slot
-- Returns  1 where it was switched
-- The lists of posts are written by whoever moves the live fence: they would miss what only the
-- prepared one holds. What it lacks is applied again by the owner, who finds the fence moved.
local prepared = redis.call('HGET', ARGV[1], '@fence')
local live = redis.call('HGET', KEYS[1], '@fence')
if not prepared or (live and tonumber(prepared) > tonumber(live)) then
  return 0
end
redis.call('RENAME', ARGV[1], KEYS[1])
redis.call('PERSIST', KEYS[1])
return 1
