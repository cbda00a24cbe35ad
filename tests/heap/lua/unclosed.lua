-- Ends without closing the interpreter: what was not collected is live at exit.
local kept, dropped = {}, {}
for i = 1, 5000 do
  kept[i] = {name = "kept " .. i, values = {i, i * 2, tostring(i)}}
  dropped[i] = {name = "dropped " .. i, call = function() return kept[i] end}
end
for i = 1, #kept, 3 do kept[i] = false end
dropped = nil
collectgarbage()
for i = 2, #kept, 3 do kept[i].values[i % 7 + 1] = ("x"):rep(i % 100) end
os.exit(true, false)
