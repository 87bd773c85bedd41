/**
 * What a RedisStorage asks of the server: one script for each operation, so that each is atomic and one round trip.
 *
 * Three structures hold a storage: a hash of values by key, a set of the keys in the order of their bytes, and a set of those that
 * expire, by time. A fourth key holds another text after every change, by which a reader knows whether its copy is still good.
 *
 * KEYS: values, order, expiry, version. ARGV: now (ms), a fresh UUID, then the operation's own.
 *
 * @module
 */

const REMOVE = `
local function remove(names)
  for first = 1, #names, 1000 do
    local last = math.min(first + 999, #names)
    redis.call('HDEL', KEYS[1], unpack(names, first, last))
    redis.call('ZREM', KEYS[2], unpack(names, first, last))
    redis.call('ZREM', KEYS[3], unpack(names, first, last))
  end
  if #names > 0 then redis.call('SET', KEYS[4], ARGV[2]) end
end
remove(redis.call('ZRANGEBYSCORE', KEYS[3], '-inf', ARGV[1]))
`;

const BODIES = {
  get: `return redis.call('HGET', KEYS[1], ARGV[3])`,
  has: `return redis.call('HEXISTS', KEYS[1], ARGV[3])`,
  set: `
redis.call('HSET', KEYS[1], ARGV[3], ARGV[4])
redis.call('ZADD', KEYS[2], 0, ARGV[3])
if ARGV[5] == '' then redis.call('ZREM', KEYS[3], ARGV[3]) else redis.call('ZADD', KEYS[3], ARGV[5], ARGV[3]) end
redis.call('SET', KEYS[4], ARGV[2])
return 1`,
  delete: `
local was = redis.call('HEXISTS', KEYS[1], ARGV[3])
if was == 1 then remove({ARGV[3]}) end
return was`,
  keys: `return redis.call('ZRANGEBYLEX', KEYS[2], ARGV[3], ARGV[4], 'LIMIT', 0, ARGV[5])`,
  clear: `
local names = redis.call('ZRANGEBYLEX', KEYS[2], ARGV[3], ARGV[4])
remove(names)
return #names`,
  size: `return redis.call('HLEN', KEYS[1])`,
  load: `
local version = redis.call('GET', KEYS[4]) or ''
if version == ARGV[3] then return {version} end
return {version, redis.call('HGETALL', KEYS[1])}`,
} as const;

/** What can be asked of the server. */
export type RedisCommand = keyof typeof BODIES;

/**
 * Gives the script of a command.
 *
 * @param command The command.
 * @returns The script, in Lua.
 */
export function redisScript(command: RedisCommand): string {
  return REMOVE + BODIES[command];
}
