-- Coroutines: every resume is a setjmp in C, every yield across C a longjmp.
local log = 0

local function generate(n)
  return coroutine.wrap(function()
    for i = 1, n do coroutine.yield(i) end
  end)
end
for n = 1, 40 do
  for i in generate(n) do log = log + i end
end
assert(log == 11480, log)

-- Yielding out of pcall, out of a metamethod, out of an iterator, out of a sort's sibling.
local meta = {
  __add = function(_, n) return coroutine.yield(n) end,
  __index = function(_, key) return coroutine.yield(key) end,
  __call = function(_, ...) return coroutine.yield(...) end,
  __eq = function() return coroutine.yield("eq") end,
  __lt = function() return coroutine.yield("lt") end,
  __concat = function(_, text) return coroutine.yield(text) end,
}
local function every_way()
  local a, b = setmetatable({}, meta), setmetatable({}, meta)
  local results = {pcall(function() return a + 1, a.key, a(7), a == b, a < b, a .. "text" end)}
  for i in function(_, last) return coroutine.yield((last or 0) + 1) end do
    results[#results + 1] = i
  end
  local ok, problem = pcall(function() coroutine.yield("before"); error("after", 0) end)
  assert(not ok and problem == "after")
  return #results
end
local resumed = 0
for _ = 1, 50 do
  local thread = coroutine.create(every_way)
  local ok, value = coroutine.resume(thread)
  while coroutine.status(thread) ~= "dead" do
    resumed = resumed + 1
    local answer = value
    if type(value) == "number" and value > 7 then answer = nil end
    ok, value = coroutine.resume(thread, resumed % 13 ~= 0 and answer or nil)
    assert(ok, value)
  end
end

-- Threads within threads; errors that end one and go on in the one that resumed it.
local function tower(height)
  if height == 0 then error("top", 0) end
  local thread = coroutine.create(tower)
  local ok, problem = coroutine.resume(thread, height - 1)
  assert(not ok and coroutine.status(thread) == "dead")
  error(problem .. height, 0)
end
local toppled = 0
for height = 1, 30 do
  local ok, problem = pcall(tower, height)
  assert(not ok and problem:sub(1, 3) == "top")
  toppled = toppled + #problem
end
assert(toppled == 786, toppled)

-- Closed while suspended, in pcall, with values to be closed, also with an error.
local closings = 0
for round = 1, 60 do
  local thread = coroutine.create(function()
    local guard <close> = setmetatable({}, {__close = function()
      closings = closings + 1
      if round % 3 == 0 then error("in close", 0) end
    end})
    pcall(coroutine.yield, guard)
    error("never here")
  end)
  assert(coroutine.resume(thread))
  local ok, problem = coroutine.close(thread)
  assert(ok == (round % 3 ~= 0) and (ok or problem == "in close"))
end
assert(closings == 60)

-- A producer, a filter and a consumer; symmetric work by a dispatcher of many.
local function primes(limit)
  local source = coroutine.wrap(function() for i = 2, limit do coroutine.yield(i) end end)
  return coroutine.wrap(function()
    while true do
      local prime, below = source(), nil
      if not prime then return end
      coroutine.yield(prime)
      below, source = source, nil
      source = coroutine.wrap(function()
        for i in below do
          if i % prime ~= 0 then coroutine.yield(i) end
        end
      end)
    end
  end)
end
local sum, threads = 0, {}
local fine, limit = pcall(function() for prime in primes(300) do sum = sum + prime end end)
assert(fine, limit)
for i = 1, 100 do
  threads[i] = coroutine.create(function() for step = 1, i do coroutine.yield(step) end end)
end
local steps = 0
while #threads > 0 do
  for i = #threads, 1, -1 do
    coroutine.resume(threads[i])
    steps = steps + 1
    if coroutine.status(threads[i]) == "dead" then table.remove(threads, i) end
  end
end
assert(steps == 5150, steps)
assert(not coroutine.isyieldable() and select(2, coroutine.running()))

print("coroutines", log, resumed, toppled, closings, sum, steps)
