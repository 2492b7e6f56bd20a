-- Replace a value if it still has the version that the writer read.
-- KEYS[1]  a value with its version in front: 8 bytes, big endian, below 2^53; missing: version 0
-- ARGV[1]  the version expected
-- ARGV[2]  the value, its new version in front
-- ARGV[3]  seconds to live
-- Returns  1 where the value was written
local held, version = redis.call('GETRANGE', KEYS[1], 0, 7), 0
if #held == 8 then
  local high, low = struct.unpack('>I4I4', held)
  version = high * 4294967296 + low
end
if version ~= tonumber(ARGV[1]) then
  return 0
end
redis.call('SET', KEYS[1], ARGV[2], 'EX', ARGV[3])
return 1
