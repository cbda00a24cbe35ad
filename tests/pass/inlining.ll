; A mark does not keep a function from being inlined; then it becomes one increment of a counter.
; Each call has its own, also without debug information. No mark is left, nor any location.
; RUN: %opt -passes='tally-mark,cgscc(inline),globaldce,tally-instrument,verify' -S %s \
; RUN:   | %opaque | %check %s --implicit-check-not=__tally_mark --implicit-check-not="!dbg" --implicit-check-not=DISubprogram

; CHECK: @__tally_function.caller = private constant {{.*}} { ptr @__tally_source.caller, ptr @caller, ptr @__tally_scopes.caller, ptr null, ptr @__tally_counters.caller, i32 4, i32 0, i32 3, i32 0 }
; CHECK-DAG: @__tally_scopes.caller = private constant [4 x { ptr, i32, i32 }] [{{.*}} @__tally_source.caller, i32 -1, i32 0 }, {{.*}} @__tally_source.leaf, i32 0, i32 0 }, {{.*}} @__tally_source.other, i32 0, i32 0 }, {{.*}} @__tally_source.leaf, i32 0, i32 0 }]
; CHECK-DAG: @__tally_counters.caller = private constant [6 x i32] [i32 1, i32 0, i32 2, i32 0, i32 3, i32 0]

; The counters stand behind the node's fixed part: 80 bytes from its start.
; CHECK-LABEL: define i32 @caller(i32 %n)
; CHECK:       tally.entered:
; CHECK-NEXT:    [[NODE:%[0-9]+]] = phi ptr
; CHECK:       tally.timed:
; CHECK:         [[P:%[0-9]+]] = getelementptr inbounds i8, ptr [[NODE]], i64 80
; CHECK-NEXT:    call void asm sideeffect "incq $0", "=*m,~{flags},~{dirflag},~{fpsr}"(ptr {{.*}}[[P]])
; CHECK:         %r.i = mul i32 %n, 3
; CHECK:         getelementptr inbounds i8, ptr [[NODE]], i64 88
; CHECK:         %r.i1 = add i32 %r.i, 1
; CHECK:         getelementptr inbounds i8, ptr [[NODE]], i64 96
; CHECK:         ret i32
define internal i32 @leaf(i32 %n) {
  %r = mul i32 %n, 3
  ret i32 %r
}
define internal i32 @other(i32 %n) {
  %r = add i32 %n, 1
  ret i32 %r
}
define i32 @caller(i32 %n) {
  %a = call i32 @leaf(i32 %n)
  %b = call i32 @other(i32 %a)
  %c = call i32 @leaf(i32 %b)
  ret i32 %c
}
