-- The only clock for deadlines: Redis TIME plus the event's shift. now >= deadline is overdue; there is no third case.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000) + shift
