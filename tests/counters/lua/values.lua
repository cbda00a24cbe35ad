-- Metamethods, closures, varargs, goto, integer and float arithmetic, and inheritance.
local calls = 0
local function counted(result)
  return function() calls = calls + 1; return result end
end

local names = {"add", "sub", "mul", "div", "mod", "pow", "unm", "idiv", "band", "bor", "bxor",
               "shl", "shr", "bnot", "concat", "len", "eq", "lt", "le", "call"}
local meta = {}
for number, name in ipairs(names) do meta["__" .. name] = counted(number) end
local a, b = setmetatable({}, meta), setmetatable({}, meta)
local sum = 0
for _ = 1, 100 do
  sum = sum + (a + b) + (a - 1) + (2 * b) + (a / b) + (a % b) + (a ^ 2) + -a + (a // b) + (a & b) +
        (a | 1) + (a ~ b) + (a << 1) + (1 >> b) + ~a + (a .. "x") + #a + a()
  if a == b and a < b and a <= b and not (a ~= b) then sum = sum + 1 end
end
assert(calls == 2100 and sum == 15700, sum)

-- A chain of classes; __index and __newindex as tables and as functions.
local function class(parent)
  local new = setmetatable({}, {__index = parent, __call = function(self, ...)
    local object = setmetatable({}, self)
    object:initialise(...)
    return object
  end})
  new.__index = new
  return new
end
local Base = class()
function Base:initialise(n) self.n = n end
function Base:value() return self.n end
local last = Base
for _ = 1, 12 do last = class(last) end
function last:value() return Base.value(self) * 2 end
local total = 0
for i = 1, 500 do total = total + last(i):value() + Base(i):value() end
assert(total == 375750, total)

local writes = 0
local watched = setmetatable({}, {
  __newindex = function(t, key, value) writes = writes + 1; rawset(t, key, value) end,
  __len = function() return writes end,
  __tostring = function() return "watched" end,
  __name = "Watched",
})
for i = 1, 300 do watched[i % 50] = i end
assert(writes == 50 and #watched == 50 and tostring(watched) == "watched")

-- Closures that share and that do not share their variables; varargs; tail calls; goto.
local counters = {}
for i = 1, 50 do
  local n = 0
  counters[i] = {up = function() n = n + i; return n end, get = function() return n end}
end
for _ = 1, 20 do for _, counter in ipairs(counters) do counter.up() end end
assert(counters[50].get() == 1000)

local function varied(...)
  local n = select("#", ...)
  if n == 0 then return 0 end
  return (...) + varied(select(2, ...))
end
assert(varied(table.unpack({1, 2, 3, 4, 5, 6, 7, 8, 9, 10})) == 55)

local function is_odd(n, is_even)
  if n == 0 then return false end
  return is_even(n - 1)
end
local function is_even(n)
  if n == 0 then return true end
  return is_odd(n - 1, is_even)
end
assert(is_even(20000))

local skipped = 0
for i = 1, 200 do
  for j = 1, 10 do
    if i % j == 3 then goto continue end
    if j > i then goto done end
    skipped = skipped + 1
    ::continue::
  end
  ::done::
end

-- Numbers: both kinds, at their edges, to text and back.
local digits = 0
for i = -60, 60 do
  for _, value in ipairs({i, i / 7, 2 ^ i, i * 1e300, i // 0.3, math.maxinteger - i, i << i}) do
    local text = tostring(value)
    local back = tonumber(text)
    assert(back == value or math.abs(back - value) <= math.abs(value) * 1e-13 or value ~= value)
    digits = digits + #text
  end
  assert(tonumber(("%x"):format(i & 0xffff), 16) == i & 0xffff)
  assert(math.tointeger(i * 1.0) == i and (i % 5 + 5) % 5 == i % 5 and math.ult(0, i) == (i ~= 0))
end

print("values", calls, sum, total, writes, skipped, digits)
