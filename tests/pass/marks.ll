; The first stage: each body begins with a mark, behind its static allocas, and says whose it is.
; RUN: %opt -passes=tally-mark -S %s | %opaque | %check %s
; RUN: %opt -passes=tally-mark,verify -S %s -o /dev/null

source_filename = "dir/marks.c"

declare i32 @outside(i32)

; CHECK-LABEL: define i32 @simple(i32 %n)
; CHECK-SAME: #[[SIMPLE:[0-9]+]]
; CHECK-NEXT: entry:
; CHECK-NEXT:   call void @__tally_mark.simple()
; CHECK-NEXT:   %r = call i32 @outside(i32 %n)
define i32 @simple(i32 %n) {
entry:
  %r = call i32 @outside(i32 %n)
  ret i32 %r
}

; CHECK-LABEL: define internal i32 @behind_allocas(
; CHECK:        %a = alloca i32
; CHECK-NEXT:   %b = alloca [4 x i64]
; CHECK-NEXT:   call void @__tally_mark.behind_allocas()
define internal i32 @behind_allocas() {
  %a = alloca i32
  %b = alloca [4 x i64]
  ret i32 0
}

; Once only, at the start, however the body goes on.
; CHECK-LABEL: define void @loops(
; CHECK-NEXT: entry:
; CHECK-NEXT:   call void @__tally_mark.loops()
; CHECK-NOT:    call void @__tally_mark
; CHECK:        ret void
define void @loops(i1 %again) {
entry:
  br label %loop
loop:
  br i1 %again, label %loop, label %end
end:
  ret void
}

; CHECK-LABEL: define void @naked(
; CHECK-NOT:    __tally_mark
; CHECK:        unreachable
define void @naked() naked {
  unreachable
}

; The runtime's own, other profilers' hooks, and what was marked already stay as they are.
; CHECK-LABEL: define void @__tally_own(
; CHECK-NEXT:   ret void
define void @__tally_own() {
  ret void
}
; CHECK-LABEL: define void @__cyg_profile_func_enter(
; CHECK-NEXT:   ret void
define void @__cyg_profile_func_enter() {
  ret void
}
; CHECK-LABEL: define void @marked_already(
; CHECK-NEXT:   ret void
define void @marked_already() "tally-function"="marked_already" {
  ret void
}

; It may be inlined and moved around, but not dropped or run more or less often.
; CHECK-DAG: declare void @__tally_mark.simple() #[[MARK:[0-9]+]]
; CHECK-DAG: attributes #[[MARK]] = { {{.*(inaccessiblememonly.*nocallback|nocallback.*memory\(inaccessiblemem: readwrite\)).*}} "tally-file"="dir/marks.c" "tally-line"="0" "tally-linkage-name"="simple" "tally-name"="simple" }
; CHECK-DAG: attributes #[[SIMPLE]] = { {{.*}}"tally-function"="simple"
