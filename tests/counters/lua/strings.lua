-- The string library: patterns (which recurse in C), format, pack, buffers that outgrow the stack.
local matched = 0
local text = ("The quick (brown (fox)) jumps over 13 lazy dogs; x1=10, y_2 = -3.5e2. "):rep(12)

for word in text:gmatch("%a+") do matched = matched + #word end
for key, value in text:gmatch("(%w+)%s*=%s*([-%d.e]+)") do matched = matched + #key + #value end
for inner in text:gmatch("%b()") do matched = matched + #inner end
for front in text:gmatch("%f[%w]%w") do matched = matched + #front end
assert(matched == 912, matched)

local replaced = select(2, text:gsub("(%w)(%w*)", "%2%1ay"))
replaced = replaced + select(2, text:gsub("%d+", {["13"] = "thirteen"}))
replaced = replaced + select(2, text:gsub("%s+(%w)", function(letter) return letter:upper() end))
assert(replaced == 371, replaced)

-- Patterns that go back and try again, and ones that are wrong.
local tried = 0
for n = 1, 14 do
  local subject = ("a"):rep(n)
  if not subject:find(("a-"):rep(n // 2) .. "b") then tried = tried + 1 end
  assert(subject:match("^(a*)(a-)$") == subject)
  assert(subject:find("^" .. ("a?"):rep(n) .. ("a"):rep(n) .. "$"))
end
for _, wrong in ipairs({"%", "[a", "(a", "%1", "%b", "%f", "a(", ("(a)"):rep(40)}) do
  assert(not pcall(string.find, ("a"):rep(40), wrong))
  tried = tried + 1
end
assert(not pcall(string.rep, "ab", 1 << 60))

-- Everything format knows.
local formatted = 0
for i = 1, 150 do
  local line = ("%5d|%-8s|%08.3f|%x|%X|%o|%e|%g|%a|%c|%i|%%|%q|%.3s|%+d"):format(
    i, "s" .. i, i / 3, i, i, i, i * 1.5, i / 7, i + .5, 65 + i % 26, i, "quo\"te\n" .. i,
    "trim", i)
  formatted = formatted + #line
end
assert(not pcall(string.format, "%d", "x") and not pcall(string.format, "%y", 1))

-- Binary packing, there and back; UTF-8; bytes; reversal; comparison.
local packed = 0
for i = 1, 100 do
  local form = "<i4>i8!8 z s2 B d n j"
  local data = form:pack(i, -i, "zero", "counted" .. i, i % 256, i / 3, i * 2.5, i * i)
  local x, y, z, counted = form:unpack(data)
  assert(x == i and y == -i and z == "zero" and counted == "counted" .. i)
  packed = packed + #data
end
local points = {}
for _, code in utf8.codes("a\u{E9}\u{20AC}\u{10348}") do points[#points + 1] = code end
assert(#points == 4 and utf8.char(table.unpack(points)) == "a\u{E9}\u{20AC}\u{10348}")
assert(utf8.len("\xff") == nil and utf8.codepoint("\u{20AC}") == 0x20AC)
for i = 1, 100 do
  local s = ("%d"):format(i * 7919)
  assert(s:reverse():reverse() == s and s:upper():lower() == s and s:byte(-1) == s:sub(-1):byte())
  assert((s < s .. "0") and s <= s and not (s > s))
end

local pieces = {}
for i = 1, 2000 do pieces[i] = ("%d,"):format(i) end
local joined = table.concat(pieces)
local folded = ""
for i = 1, 200 do folded = folded .. pieces[i] end
assert(#joined == 8893 and joined:sub(1, #folded) == folded)

print("strings", matched, replaced, tried, formatted, packed, #joined)
