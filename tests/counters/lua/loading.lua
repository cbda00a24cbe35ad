-- The compiler: load from text, from pieces, from its own binary form; syntax errors in every
-- construct, which leave the parser's recursion by longjmp; environments; hooks; debug.
local loaded, refused = 0, 0

for i = 1, 60 do
  local source = ("local a <const>, b = %d, ...; local t = {a, b; x = a}; " ..
    "for i = 1, 3 do b = b + i end; return function() return a + b + t.x end"):format(i)
  local f = assert(load(source, "=made"))
  local again = assert(load(string.dump(f, i % 2 == 0), "=dumped", "b"))
  assert(f(1)() == again(1)() and f(1)() == 2 * i + 7)
  loaded = loaded + 2
end

local pieces = {"return ", "1", " + ", "2", " * ", "3", nil}
local at = 0
assert(load(function() at = at + 1; return pieces[at] end)() == 7)

local wrong = {
  "x =", "if x then", "for i = 1 do end", "for in x do end", "return return", "goto nowhere",
  "::a:: ::a::", "local x <const> = 1; x = 2", "break", "x = 'open", "x = [[open", "--[[open",
  "x = 0x", "x = 1e", "x = '\\q'", "x = '\\u{110000000}'", "f(", "a.b:c = 1", "local function end",
  "x = }", "x = {1, 2", "repeat until", "local a <strange> = 1", "(a) = ", "return ...)",
}
for _ = 1, 10 do
  for _, source in ipairs(wrong) do
    local f, message = load(source, "=wrong")
    assert(not f and message:find("^wrong:1:"), source)
    refused = refused + 1
  end
end
assert(not load(("("):rep(300) .. "1" .. (")"):rep(300)))
assert(not load("return " .. ("-"):rep(0) .. ("{"):rep(250) .. ("}"):rep(250)))
assert(not load("\27Lua garbage", "=binary", "b") and not load("return 1", "=text", "b"))

-- Deep but legal: nested functions, long chains of operators, many constants and locals.
local deep = ("return function() "):rep(50) .. "return 1 " .. ("end "):rep(50)
local f = assert(load(deep))
for _ = 1, 51 do f = f() end
assert(f == 1)
local terms = {}
for i = 1, 400 do terms[i] = ("%d.5 * '%d'"):format(i, i) end
assert(load("return " .. table.concat(terms, " + "))() > 0)
local many = {}
for i = 1, 190 do many[i] = ("local v%d = %d"):format(i, i) end
assert(load(table.concat(many, "\n") .. "\nreturn v1 + v190")() == 191)

-- Environments, upvalues by number, hooks by line, call and count.
local environment = setmetatable({}, {__index = _G})
assert(load("made = 5; return made + #tostring(made)", "=env", "t", environment)() == 6)
assert(made == nil and environment.made == 5)
local events = {call = 0, ["return"] = 0, line = 0, count = 0, ["tail call"] = 0}
local function work(n)
  if n > 0 then
    return work(n - 1)
  end
  return 0
end
debug.sethook(function(event) events[event] = events[event] + 1 end, "crl", 10)
for _ = 1, 20 do work(10) end
debug.sethook()
assert(events.line > 200 and events["tail call"] == 200, events["tail call"])
assert(debug.getinfo(work, "S").short_src and debug.getlocal(work, 1) == "n")
assert(debug.upvalueid(work, 1) and debug.getupvalue(work, 1) == "work")
package.preload.made = function(name) return {name = name} end
assert(require("made").name == "made" and not pcall(require, "not.there"))

print("loading", loaded, refused, events.line, events.call)
