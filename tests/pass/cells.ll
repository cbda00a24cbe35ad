; Which counters share a cell of the node, and which need none: see plugin/cells.h. A descriptor
; ends with the numbers of scopes, sites, counters and cells; -1 is TALLY_NO_INDEX. The marks here
; are as the first stage leaves them, of bodies that do nothing else.
; RUN: %opt -passes='tally-mark,cgscc(inline),globaldce,tally-instrument,verify' -S %s | %opaque | %check %s

declare void @may_not_return()
declare i32 @llvm.ctpop.i32(i32)

; CHECK-DAG: @__tally_function.first_run = {{.*}} i32 3, i32 0, i32 2, i32 0, i16 0, i16 0 }
; CHECK-DAG: @__tally_counters.first_run = {{.*}} [i32 1, i32 -1, i32 2, i32 -1]
; CHECK-DAG: @__tally_function.loops = {{.*}} i32 3, i32 0, i32 2, i32 1, i16 0, i16 0 }
; CHECK-DAG: @__tally_counters.loops = {{.*}} [i32 1, i32 0, i32 2, i32 0]
; CHECK-DAG: @__tally_function.call_between = {{.*}} i32 3, i32 1, i32 2, i32 1, i16 0, i16 0 }
; CHECK-DAG: @__tally_counters.call_between = {{.*}} [i32 1, i32 -1, i32 2, i32 0]
; CHECK-DAG: @__tally_function.either = {{.*}} i32 3, i32 0, i32 2, i32 2, i16 0, i16 0 }
; CHECK-DAG: @__tally_counters.either = {{.*}} [i32 1, i32 {{[01]}}, i32 2, i32 {{[01]}}]

define internal void @a() {
  ret void
}
define internal void @b() {
  ret void
}

; As often as the function is called: counted by that.
; CHECK-LABEL: define i32 @first_run(
; CHECK:         "incq $0"
; CHECK-NOT:     "incq $0"
; CHECK:         ret i32
define i32 @first_run(i32 %n) {
  call void @a()
  %r = call i32 @llvm.ctpop.i32(i32 %n)
  call void @b()
  ret i32 %r
}

; One straight run each round: one cell for both.
; CHECK-LABEL: define void @loops(
; CHECK:         [[NODE:%[0-9]+]] = phi ptr
; CHECK:       loop:
; CHECK-NEXT:    [[P:%[0-9]+]] = getelementptr inbounds i8, ptr [[NODE]], i64 96
; CHECK-NEXT:    call void asm sideeffect "incq $0"{{.*}}[[P]])
; CHECK-NOT:     "incq $0"
; CHECK:         ret void
define void @loops(i1 %again) {
  br label %loop
loop:
  call void @a()
  call void @b()
  br i1 %again, label %loop, label %end
end:
  ret void
}

; What stands behind a call that may not come back is another run.
; CHECK-LABEL: define void @call_between(
; CHECK:         [[NODE:%[0-9]+]] = phi ptr
; CHECK:         call void @may_not_return()
; CHECK:         [[P:%[0-9]+]] = getelementptr inbounds i8, ptr [[NODE]], i64 104
; CHECK-NEXT:    call void asm sideeffect "incq $0"{{.*}}[[P]])
; CHECK:         ret void
define void @call_between() {
  call void @a()
  call void @may_not_return()
  call void @b()
  ret void
}

; On either side of a branch, of which the function takes one: two cells.
; CHECK-LABEL: define i32 @either(
; CHECK:         [[NODE:%[0-9]+]] = phi ptr
; CHECK-DAG:     getelementptr inbounds i8, ptr [[NODE]], i64 96
; CHECK-DAG:     getelementptr inbounds i8, ptr [[NODE]], i64 104
; CHECK:       {{^}}}
define i32 @either(i1 %which) {
  br i1 %which, label %one, label %two
one:
  call void @a()
  ret i32 1
two:
  call void @b()
  ret i32 2
}
