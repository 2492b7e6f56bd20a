-- Keep a value unless a later one is there already.
-- KEYS[1]  a value with its revision in front: 8 bytes, big endian, below 2^53
-- ARGV[1]  the revision as a number
-- ARGV[2]  the value, revision in front
-- ARGV[3]  seconds to live
-- Returns  1 where the value was written, 0 where a later one stays
local held = redis.call('GETRANGE', KEYS[1], 0, 7)
if #held == 8 then
  local high, low = struct.unpack('>I4I4', held)
  if high * 4294967296 + low > tonumber(ARGV[1]) then
    return 0
  end
end
redis.call('SET', KEYS[1], ARGV[2], 'EX', ARGV[3])
return 1
