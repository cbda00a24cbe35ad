-- Errors and protected calls: each pcall is a setjmp, each error a longjmp over what is open.
local caught, handled = 0, 0

-- Thrown at every depth, caught at every third, so that most jumps cross many C and Lua frames.
local function dive(depth, bottom)
  if depth == bottom then error({depth = depth}) end
  if depth % 3 == 0 then
    local ok, problem = pcall(dive, depth + 1, bottom)
    assert(not ok and problem.depth == bottom)
    caught = caught + 1
    error(problem, 0)
  end
  return dive(depth + 1, bottom) + 1
end
for bottom = 1, 90 do
  local ok, problem = pcall(dive, 1, bottom)
  assert(not ok and problem.depth == bottom)
end
assert(caught == 1305, caught)

-- Handlers that run on top of the failed call, fail themselves, and see a traceback.
local function handler(problem)
  handled = handled + 1
  if problem == "handler fails" then error("again") end
  return (debug.traceback(problem, 1):match("^[^\n]*"))
end
for round = 1, 60 do
  local ok, message = xpcall(error, handler, "round " .. round, 0)
  assert(not ok and message == "round " .. round)
end
local ok, message = xpcall(error, function() error("again") end, "handler fails")
assert(not ok and message)
assert(handled == 60)

-- Errors the virtual machine raises, through C functions that call back.
local failures = {
  function() return nil + 1 end,
  function() return ({}).a.b end,
  function() return #5 end,
  function() return {} < {} end,
  function() return "a" .. {} end,
  function() return 1 // 0 | 0 end,
  function() return 2 ^ 53 | 0.5 end,
  function() return ("x"):rep(-1):bad() end,
  function() table.sort({3, 1, 2, 5, 4}, function() error("in sort") end) end,
  function() ("a b c"):gsub("%a", function(letter) error(letter) end) end,
  function() setmetatable({}, {__index = function(_, key) error(key) end}).field() end,
  function() for _ in pairs(setmetatable({}, {__pairs = error})) do end end,
  function() for i = 1, 10, 0 do print(i) end end,
  function() string.rep("x", 1 << 40) end,
  function() select(0) end,
  function() load(function() error("in the reader") end)() end,
}
local failed = 0
for _ = 1, 25 do
  for _, failure in ipairs(failures) do
    local succeeded = pcall(failure)
    failed = failed + (succeeded and 0 or 1)
  end
end
assert(failed == 25 * #failures, failed)

-- The stack's limits: of Lua's calls, and of C's under pcall, tostring and gsub.
local function endless(n) return 1 + endless(n + 1) end
local fine, overflow = pcall(endless, 1)
assert(not fine and overflow:find("stack overflow"))
local function nest(n) return (("x"):gsub("x", function() return nest(n + 1) end)) end
fine, overflow = pcall(nest, 1)
assert(not fine and overflow:find("C stack overflow"))
local depth = 0
local function protect() depth = depth + 1; return pcall(protect) end
protect()
assert(depth > 100)

-- Values to be closed, closed on the way out of an error, with errors of their own.
local closed = {}
local function closing(name, fails)
  return setmetatable({}, {__close = function(_, problem)
    closed[#closed + 1] = name
    if fails then error(name .. " after " .. tostring(problem), 0) end
  end})
end
local _, last = pcall(function()
  local a <close> = closing("a", true)
  local b <close> = closing("b")
  local c <close> = closing("c", true)
  error("first", 0)
end)
assert(last == "a after c after first" and table.concat(closed) == "cba")

print("errors", caught, handled, failed, #closed)
