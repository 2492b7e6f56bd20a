-- A viewer's latest sessions by name, for an erasure: the newest first, each once.
-- KEYS: list · ARGV: session, how many to keep, life in seconds
redis.call('LREM', KEYS[1], 0, ARGV[1])
redis.call('LPUSH', KEYS[1], ARGV[1])
redis.call('LTRIM', KEYS[1], 0, ARGV[2] - 1)
redis.call('EXPIRE', KEYS[1], ARGV[3])
return 1
