/** Everything that is asked of Redis: each script is one step that nothing comes between. */

/** Names of keys, after the prefix. */
export const operationKey = (key: string): string => `operation:${key}`;
export const idKey = (id: string): string => `id:${id}`;
export const counterKey = (name: string): string => `counter:${name}`;
export const shelfKey = (shelf: string): string => `shelf:${shelf}`;

const NOW = `
  local time = redis.call('TIME')
  local now = time[1] * 1000 + math.floor(time[2] / 1000)`;

/** Answers of `REPLACE` that are no fence. */
export const CHANGED = -1;
export const FULL = -2;

export const TIME = `${NOW} return now`;

/** KEYS: operation, fences, epoch. Answers now, the highest fence, whether held, and the operation's fields and values. */
export const READ = `${NOW}
  return {
    now,
    redis.call('GET', KEYS[2]) or '0',
    redis.call('HGET', KEYS[3], 'held') or '0',
    redis.call('HGETALL', KEYS[1])
  }`;

/**
 * Writes the operation where it is still the version that was read, and answers its fence: a new one for a claim.
 * Answers `CHANGED` where somebody else was faster, `FULL` and its number where a counter is full; then nothing is written.
 * Where memory is used up, Redis refuses a script whose first command to write may need more of it: that is how
 * nothing new is begun, while what was begun may still finish.
 *
 * KEYS: operation, its id, the id that had the key before, fences, versions, epoch, outbox, times of the outbox, the
 * three shelves, counters to raise, counters to lower. ARGV: one JSON object, and the operation's fields and values.
 */
export const REPLACE = `
  local told = cjson.decode(ARGV[1])
  local version = redis.call('EXISTS', KEYS[1]) == 0 and 'none' or redis.call('HGET', KEYS[1], 'version') or ''
  if version ~= told.version or (redis.call('HGET', KEYS[6], 'held') or '0') ~= told.held then return {${CHANGED}} end
  for index, charge in ipairs(told.charge) do
    if tonumber(redis.call('GET', KEYS[11 + index]) or '0') >= charge.limit then return {${FULL}, index} end
  end
  if not told.isNew then redis.call('DEL', KEYS[1]) end
  local fence = told.isClaim and redis.call('INCR', KEYS[4]) or told.fence
  version = redis.call('INCR', KEYS[5])
  redis.call('DEL', KEYS[1], KEYS[3])
  redis.call('HSET', KEYS[1], unpack(ARGV, 2))
  redis.call('HSET', KEYS[1], 'fence', fence, 'version', version)
  redis.call('SET', KEYS[2], told.key)
  if told.lifetime > 0 then
    redis.call('PEXPIRE', KEYS[1], told.lifetime)
    redis.call('PEXPIRE', KEYS[2], told.lifetime)
  end
  for index = 9, 11 do redis.call('ZREM', KEYS[index], told.idBefore, told.id) end
  if told.shelf > 0 then redis.call('ZADD', KEYS[8 + told.shelf], told.updatedAt, told.id) end
  for index, charge in ipairs(told.charge) do
    redis.call('INCR', KEYS[11 + index])
    redis.call('PEXPIREAT', KEYS[11 + index], charge.expiresAt)
  end
  for index = 12 + #told.charge, #KEYS do
    if tonumber(redis.call('GET', KEYS[index]) or '0') > 0 then redis.call('DECR', KEYS[index]) end
  end
  if told.entry then
    redis.call('HSETNX', KEYS[7], told.entry.id, told.entry.text)
    redis.call('ZADD', KEYS[8], 'NX', told.now, told.entry.id)
  end
  return {fence}`;

/** Where the operation is that a shelf names; what is kept no more, the shelf then names no more. */
const FIND = `
  local function find(prefix, shelf, id)
    local key = redis.call('GET', prefix .. 'id:' .. id)
    local operation = key and prefix .. 'operation:' .. key
    if operation and redis.call('HGET', operation, 'id') == id then return operation end
    redis.call('ZREM', shelf, id)
  end`;

/**
 * KEYS: shelf. ARGV: prefix of all keys, prefix of ids, time and id of the one looked at last, how many to look at.
 * Answers time and id of the one looked at last where there may be more, and the operations found.
 */
export const LIST = `${FIND}
  local prefix, idPrefix, time, last, count = ARGV[1], ARGV[2], ARGV[3], ARGV[4], tonumber(ARGV[5])
  local skip = redis.call('ZCOUNT', KEYS[1], '(' .. time, '+inf')
  for _, id in ipairs(redis.call('ZREVRANGEBYSCORE', KEYS[1], time, time)) do
    if id < last then break end
    skip = skip + 1
  end
  local named = redis.call('ZREVRANGE', KEYS[1], skip, skip + count - 1, 'WITHSCORES')
  local found = {}
  for index = 1, #named, 2 do
    local id = named[index]
    local operation = string.sub(id, 1, #idPrefix) == idPrefix and find(prefix, KEYS[1], id)
    if operation then table.insert(found, redis.call('HGETALL', operation)) end
  end
  return {#named == 2 * count and {named[#named], named[#named - 1]} or {}, found}`;

/**
 * KEYS: shelf. ARGV: prefix of all keys, how many of the shelf to leave out, to look at, how long ago they were changed,
 * and what ids begin with of those to be removed, if any are. Answers how many were dropped, and whether there are more.
 */
export const DROP = `${FIND} ${NOW}
  local prefix, skip, count, idPrefix = ARGV[1], ARGV[2], ARGV[3], ARGV[5]
  local dropped = 0
  local ids = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now - ARGV[4], 'LIMIT', skip, count)
  for _, id in ipairs(ids) do
    local operation = find(prefix, KEYS[1], id)
    local isOver = operation and idPrefix and string.sub(id, 1, #idPrefix) == idPrefix
    if isOver then
      redis.call('DEL', operation, prefix .. 'id:' .. id)
      redis.call('ZREM', KEYS[1], id)
    end
    if isOver or not operation then dropped = dropped + 1 end
  end
  return {dropped, #ids == tonumber(count) and 1 or 0}`;

/** KEYS: outbox, its times. ARGV: how old, in milliseconds; what ids begin with. Answers ids and texts in turn. */
export const ENTRIES = `${NOW}
  local told = {}
  for _, id in ipairs(redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', now - ARGV[1])) do
    if #told == 200 then break end
    if string.sub(id, 1, #ARGV[2]) == ARGV[2] then
      table.insert(told, id)
      table.insert(told, redis.call('HGET', KEYS[1], id))
    end
  end
  return told`;

/** KEYS: outbox, its times. ARGV: ids. */
export const REMOVE_ENTRIES = `
  redis.call('HDEL', KEYS[1], unpack(ARGV))
  return redis.call('ZREM', KEYS[2], unpack(ARGV))`;

/** KEYS: epoch. ARGV: 1 where a hold begins, 0 where it ends. Answers the epoch's number. */
export const HOLD = `
  redis.call('HSETNX', KEYS[1], 'number', 1)
  redis.call('HSET', KEYS[1], 'held', ARGV[1])
  return redis.call('HINCRBY', KEYS[1], 'number', ARGV[1])`;
