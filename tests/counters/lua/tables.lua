-- Tables: growing, shrinking, both parts, sort with good, bad and failing comparisons.
local seed = 42
local function random(n)
  seed = (seed * 1103515245 + 12345) % 2147483648
  return seed // 65536 % n + 1
end

local compared = 0
local orders = {
  function(a, b) compared = compared + 1; return a < b end,
  function(a, b) compared = compared + 1; return a > b end,
  function(a, b) compared = compared + 1; return a % 10 < b % 10 end,
}
for size = 0, 200, 8 do
  for _, order in ipairs(orders) do
    local list = {}
    for i = 1, size do list[i] = random(1000) end
    table.sort(list, order)
    for i = 2, size do assert(not order(list[i], list[i - 1])) end
  end
end
local sorted = {}
for i = 1, 3000 do sorted[i] = i end
table.sort(sorted)
local named = {}
for i = 1, 500 do named[i] = ("name%d"):format(random(10000)) end
table.sort(named)
for i = 2, #named do assert(named[i - 1] <= named[i]) end

local invalid = 0
for size = 10, 60 do
  local list = {}
  for i = 1, size do list[i] = random(100) end
  if not pcall(table.sort, list, function() return true end) then invalid = invalid + 1 end
  local left = size
  assert(not pcall(table.sort, list, function(a, b)
    left = left - 1
    if left == 0 then error("enough") end
    return a < b
  end))
end
assert(not pcall(table.sort, {1, "a", {}}))

-- Insertion and removal anywhere, move over itself, unpack and pack, next while clearing.
local list = {}
for i = 1, 400 do table.insert(list, random(#list + 1), i) end
for _ = 1, 200 do table.remove(list, random(#list)) end
table.move(list, 1, 100, 50)
table.move(list, 50, 150, 1)
assert(#list == 200 and select("#", table.unpack(list)) == 200 and table.pack(1, nil, 3).n == 3)
local proxy = setmetatable({}, {
  __index = list,
  __newindex = list,
  __len = function() return #list end,
})
table.insert(proxy, 7)
assert(table.remove(proxy) == 7 and #table.concat(proxy, ",") > 200)

local mixed, fields = {}, 0
for i = 1, 1000 do
  mixed[i] = i
  mixed["key" .. i] = i
  mixed[i + .5] = i
  mixed[-i] = i % 2 == 0
end
for key in pairs(mixed) do
  mixed[key] = nil
  fields = fields + 1
end
assert(fields == 4000 and next(mixed) == nil)
for round = 1, 20 do
  local growing = {}
  for i = round * 50, 1, -1 do growing[i] = i end
  assert(#growing == round * 50)
end

print("tables", compared, invalid, #list, fields)
