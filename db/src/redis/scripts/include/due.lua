-- When somebody must look at a hold, and the short-TTL key whose end wakes the worker. The key is a hint and may be lost.
local function set_due(id, h)
  redis.call('ZADD', DUE, int(h.deadline), id)
  redis.call('SET', ALARM, '1', 'PX', int(math.max(1, h.deadline - now)))
end
