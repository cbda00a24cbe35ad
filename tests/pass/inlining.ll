; A mark does not keep a function from being inlined; then it becomes a counter, whose number is
; kept in a cell of the node, or is that of the function's own calls. Each call has its own, also
; without debug information. No mark is left, nor any location.
; RUN: %opt -passes='tally-mark,cgscc(inline),globaldce,tally-instrument,verify' -S %s \
; RUN:   | %opaque | %check %s --implicit-check-not=__tally_mark --implicit-check-not="!dbg" --implicit-check-not=DISubprogram

; CHECK: @__tally_function.caller = private constant {{.*}} { ptr @__tally_source.caller, ptr @caller, ptr @__tally_scopes.caller, ptr null, ptr @__tally_counters.caller, i32 4, i32 0, i32 3, i32 2, i16 0, i16 0 }
; CHECK-DAG: @__tally_scopes.caller = private constant [4 x { ptr, i32, i32 }] [{{.*}} @__tally_source.caller, i32 -1, i32 0 }, {{.*}} @__tally_source.leaf, i32 0, i32 0 }, {{.*}} @__tally_source.other, i32 0, i32 0 }, {{.*}} @__tally_source.leaf, i32 0, i32 0 }]
; CHECK-DAG: @__tally_counters.caller = private constant [6 x i32] [i32 1, i32 -1, i32 2, i32 0, i32 3, i32 1]

; The cells stand behind the node's fixed part: 96 bytes from its start.
; CHECK-LABEL: define i32 @caller(i32 %n, i1 %is_more)
; CHECK:       tally.entered:
; CHECK-NEXT:    [[NODE:%[0-9]+]] = phi ptr
; CHECK:       tally.begun:
; CHECK-NOT:     getelementptr inbounds i8, ptr [[NODE]]
; CHECK:         %r.i = mul i32 %n, 3
; CHECK:       more:
; CHECK-NEXT:    [[P:%[0-9]+]] = getelementptr inbounds i8, ptr [[NODE]], i64 96
; CHECK-NEXT:    call void asm sideeffect "incq $0", "=*m,~{flags},~{dirflag},~{fpsr}"(ptr {{.*}}[[P]])
; CHECK:         %r.i1 = add i32 %r.i, 1
; CHECK:       end:
; CHECK:         [[P2:%[0-9]+]] = getelementptr inbounds i8, ptr [[NODE]], i64 104
; CHECK-NEXT:    call void asm sideeffect "incq $0", "=*m,~{flags},~{dirflag},~{fpsr}"(ptr {{.*}}[[P2]])
; CHECK:         ret i32
define internal i32 @leaf(i32 %n) {
  %r = mul i32 %n, 3
  ret i32 %r
}
define internal i32 @other(i32 %n) {
  %r = add i32 %n, 1
  ret i32 %r
}
define i32 @caller(i32 %n, i1 %is_more) {
  %a = call i32 @leaf(i32 %n)
  br i1 %is_more, label %more, label %end
more:
  %b = call i32 @other(i32 %a)
  br label %end
end:
  %m = phi i32 [ %a, %0 ], [ %b, %more ]
  %c = call i32 @leaf(i32 %m)
  ret i32 %c
}
