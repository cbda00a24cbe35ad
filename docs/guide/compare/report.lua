-- A report of 2000 lines, made in the way Lua programs do: pieces in a table, joined in the end.
local lines = {}
for i = 1, 2000 do
  lines[i] = table.concat({"order ", i, ": ", i * i % 97, " pieces\n"})
end
local report = table.concat(lines)
local index = table.concat(lines, "- ", 1, 50)
print(#report, #index)
