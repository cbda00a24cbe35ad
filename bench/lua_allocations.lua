-- What allocates most in Lua: strings that grow, small tables, closures, tables that are rehashed.
local checksum = 0
for round = 1, 40 do
  local text = ""
  for i = 1, 400 do text = text .. i .. "," end
  checksum = checksum + #text
  local points = {}
  for i = 1, 20000 do points[i] = {x = i, y = i * round} end
  for i = 1, #points, 100 do checksum = checksum + points[i].y % 7 end
  local by_name = {}
  for i = 1, 5000 do by_name["name" .. i] = function() return i end end
  for _, f in pairs(by_name) do checksum = checksum + f() % 3 end
  checksum = checksum + #table.concat({text:upper(), text:reverse()})
end
print(checksum)
