; A mark weighs nothing where the inliner weighs a body: what is inlined without Tally is inlined with it.
; RUN: %opt -passes='cgscc(inline)' -inline-threshold=0 -S %s | %opaque | %check %s --check-prefix=PLAIN
; RUN: %opt -passes='tally-mark,cgscc(inline)' -inline-threshold=0 -S %s | %opaque | %check %s

define internal i32 @callee(i32 %n) {
  %a = mul i32 %n, 3
  %b = xor i32 %a, 5
  %c = mul i32 %b, %n
  ret i32 %c
}

; PLAIN-LABEL: define i32 @caller(
; PLAIN-NOT:     call i32 @callee
; PLAIN:         ret i32

; CHECK-LABEL: define i32 @caller(
; CHECK:         call void @__tally_mark.callee()
; CHECK-NOT:     call i32 @callee
; CHECK:         ret i32
define i32 @caller(i32 %n) {
  %first = call i32 @callee(i32 %n)
  %both = call i32 @callee(i32 %first)
  ret i32 %both
}
