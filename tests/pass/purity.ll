; Calls of functions that count must not be dropped, repeated or merged as calls of pure ones may be. What
; the C library has, and intrinsics, stay as pure as they are.
; RUN: %opt -passes=tally-mark -S %s | %check %s

declare i32 @ours(i32) #0
declare double @sin(double) #0
declare i32 @llvm.ctpop.i32(i32)

; CHECK: declare i32 @ours(i32){{$}}
; CHECK: declare double @sin(double) #[[PURE:[0-9]+]]

; CHECK-LABEL: define i32 @pure(i32 %n)
; CHECK-SAME: #[[OWN:[0-9]+]]
define i32 @pure(i32 %n) #0 {
  %a = call i32 @llvm.ctpop.i32(i32 %n)
  ret i32 %a
}

; CHECK-LABEL: define i32 @calls(
; CHECK:   %a = call i32 @pure(i32 %n) #[[APART:[0-9]+]], !dbg
; CHECK:   %b = call i32 @ours(i32 %n) #[[APART]], !dbg
; CHECK:   %c = call double @sin(double %x) #[[PURE]]
define i32 @calls(i32 %n, double %x) {
  %a = call i32 @pure(i32 %n) #0
  %b = call i32 @ours(i32 %n) #0
  %c = call double @sin(double %x) #0
  ret i32 %a
}

attributes #0 = { readnone }

; CHECK-DAG: attributes #[[PURE]] = { {{(readnone|memory\(none\))}} }
; CHECK-DAG: attributes #[[APART]] = { nomerge }
; CHECK-DAG: attributes #[[OWN]] = { "tally-function"="pure" }
