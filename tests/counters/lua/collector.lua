-- The garbage collector: finalisers (called from anywhere memory is asked for), weak tables,
-- resurrection, both modes, and errors in finalisers.
local finalised, resurrected = 0, {}

local function doomed(action)
  return setmetatable({}, {__gc = function(object)
    finalised = finalised + 1
    if action then action(object) end
  end})
end

for mode = 1, 2 do
  collectgarbage(mode == 1 and "incremental" or "generational")
  for i = 1, 3000 do
    local object = doomed(i % 100 == 0 and function(dying)
      resurrected[#resurrected + 1] = dying
    end)
    object.other = {object, tostring(i), {i}}
  end
  collectgarbage()
  collectgarbage()
end
assert(finalised == 6000 and #resurrected == 60)
collectgarbage("incremental")

-- Finalisers that allocate, that call back into Lua by pcall, and that raise (only a warning).
for i = 1, 300 do
  doomed(function()
    local pieces = {}
    for piece = 1, 20 do pieces[piece] = ("%d/%d"):format(i, piece) end
    assert(not pcall(error, table.concat(pieces)))
    if i % 10 == 0 then error("in a finaliser") end
  end)
end
collectgarbage()
assert(finalised == 6300, finalised)

-- Weak keys, weak values, ephemerons whose values hold their own keys.
local keys, values, ephemerons = {}, {}, setmetatable({}, {__mode = "k"})
setmetatable(keys, {__mode = "k"})
setmetatable(values, {__mode = "v"})
local kept = {}
for i = 1, 200 do
  local object = {i}
  keys[object] = i
  values[i] = object
  ephemerons[object] = {object}
  if i % 4 == 0 then kept[#kept + 1] = object end
end
collectgarbage()
local survivors = 0
for _ in pairs(keys) do survivors = survivors + 1 end
for _ in pairs(values) do survivors = survivors + 1 end
for _ in pairs(ephemerons) do survivors = survivors + 1 end
assert(survivors == 150 and #kept == 50, survivors)

-- In small steps, while lists are being rebuilt and coroutines are suspended.
collectgarbage("stop")
collectgarbage("setpause", 110)
collectgarbage("setstepmul", 150)
local suspended = {}
for i = 1, 200 do
  suspended[i % 20 + 1] = coroutine.wrap(function(list)
    while true do list = coroutine.yield({list, #list}) end
  end)
  suspended[i % 20 + 1]({("x"):rep(i)})
  collectgarbage("step", i % 7)
end
collectgarbage("restart")
assert(collectgarbage("isrunning"))

local function tree(depth)
  return depth == 0 and {} or {tree(depth - 1), tree(depth - 1)}
end
local function leaves(node)
  return node[1] and leaves(node[1]) + leaves(node[2]) or 1
end
local count = 0
for depth = 1, 11 do count = count + leaves(tree(depth)) end
assert(count == 4094)

-- What is still open when the state is closed is finalised then.
last = doomed()
print("collector", finalised, #resurrected, survivors, count)
