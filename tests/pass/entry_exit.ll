; The second stage: what is run on each entry and exit, instruction by instruction. Offsets are
; those of tally/abi.h: tls { slot 0, cur 8 }, node { fn 64, calls 72, due 80, frame 88 }.
; RUN: %opt -passes=tally-mark,tally-instrument,verify -S %s | %opaque | %check %s

; CHECK-DAG: @__tally_tls = external thread_local(initialexec) global [9 x i64], align 8
; CHECK-DAG: @__tally_function.leaf = private constant

; The first load of the node is of what tells whose it is.
; CHECK-LABEL: define i32 @leaf(i32 %n)
; CHECK-NEXT:    [[TIMED:%tally.timed[0-9]*]] = alloca [2 x i64], align 8
; CHECK-NEXT:    [[IN:%[0-9]+]] = load ptr, ptr @__tally_tls, align 8
; CHECK-NEXT:    [[N:%[0-9]+]] = load ptr, ptr [[IN]], align 8
; CHECK-NEXT:    [[P:%[0-9]+]] = getelementptr inbounds i8, ptr [[N]], i64 64
; CHECK-NEXT:    [[FN:%[0-9]+]] = load ptr, ptr [[P]], align 8
; CHECK-NEXT:    [[MISS:%[0-9]+]] = icmp ne ptr [[FN]], @__tally_function.leaf
; CHECK-NEXT:    br i1 [[MISS]], label %tally.enter, label %tally.entered, !prof [[UNLIKELY:![0-9]+]]
; CHECK:       tally.enter:
; CHECK-NEXT:    [[FOUND:%[0-9]+]] = call preserve_allcc ptr @__tally_enter_slow(ptr [[IN]], ptr @__tally_function.leaf)
; CHECK-NEXT:    [[IN2:%[0-9]+]] = load ptr, ptr @__tally_tls, align 8
; CHECK-NEXT:    br label %tally.entered

; The call is counted, whether it is timed or not; this one leaves nothing of its own behind.
; CHECK:       tally.entered:
; CHECK-NEXT:    [[NODE:%[0-9]+]] = phi ptr [ [[N]], %{{.*}} ], [ [[FOUND]], %tally.enter ]
; CHECK-NEXT:    [[SLOT:%[0-9]+]] = phi ptr [ [[IN]], %{{.*}} ], [ [[IN2]], %tally.enter ]
; CHECK-NEXT:    [[P1:%[0-9]+]] = getelementptr inbounds i8, ptr [[NODE]], i64 72
; CHECK-NEXT:    call void asm sideeffect "incq $0", "=*m,~{flags},~{dirflag},~{fpsr}"(ptr {{.*}}[[P1]])
; CHECK-NEXT:    [[STACK:%[0-9]+]] = call i64 @llvm.read_register.i64(metadata ![[RSP:[0-9]+]])
; CHECK-NEXT:    [[P2:%[0-9]+]] = getelementptr inbounds i8, ptr [[NODE]], i64 88
; CHECK-NEXT:    store i64 [[STACK]], ptr [[P2]], align 8
; CHECK-NEXT:    [[P3:%[0-9]+]] = getelementptr inbounds i8, ptr [[NODE]], i64 72
; CHECK-NEXT:    [[CALLS:%[0-9]+]] = load i64, ptr [[P3]], align 8
; CHECK-NEXT:    [[P4:%[0-9]+]] = getelementptr inbounds i8, ptr [[NODE]], i64 80
; CHECK-NEXT:    [[DUE:%[0-9]+]] = load i64, ptr [[P4]], align 8
; CHECK-NEXT:    [[IS_DUE:%[0-9]+]] = icmp uge i64 [[CALLS]], [[DUE]]
; CHECK-NEXT:    br i1 [[IS_DUE]], label %tally.time, label %tally.begun{{$}}
; CHECK:       tally.time:
; CHECK-NEXT:    [[PAID:%[0-9]+]] = call preserve_allcc ptr @__tally_time_entry(ptr [[TIMED]], ptr [[NODE]])
; CHECK-NEXT:    br label %tally.begun
; CHECK:       tally.begun:
; CHECK-NEXT:    [[PAYER:%[0-9]+]] = phi ptr [ null, %tally.entered ], [ [[PAID]], %tally.time ]
; CHECK-NEXT:    store ptr [[NODE]], ptr getelementptr inbounds (i8, ptr @__tally_tls, i64 8), align 8

; The body, then the way out. `cur` is for the caller to set.
; CHECK-NEXT:    %r = mul i32 %n, 3
; CHECK-NEXT:    [[WAS_TIMED:%[0-9]+]] = icmp ne ptr [[PAYER]], null
; CHECK-NEXT:    br i1 [[WAS_TIMED]], label %[[END_TIME:tally.time[0-9]+]], label %tally.left{{$}}
; CHECK:       [[END_TIME]]:
; CHECK-NEXT:    call preserve_allcc void @__tally_time_exit(ptr [[TIMED]], ptr [[NODE]], ptr [[PAYER]])
; CHECK-NEXT:    br label %tally.left
; CHECK:       tally.left:
; CHECK-NEXT:    store ptr [[SLOT]], ptr @__tally_tls, align 8
; CHECK-NEXT:    ret i32 %r

define i32 @leaf(i32 %n) {
  %r = mul i32 %n, 3
  ret i32 %r
}

; Each return is a way out.
; CHECK-LABEL: define i32 @two_returns(
; CHECK:         store ptr {{%[0-9]+}}, ptr @__tally_tls, align 8
; CHECK-NEXT:    ret i32 1
; CHECK:         store ptr {{%[0-9]+}}, ptr @__tally_tls, align 8
; CHECK-NEXT:    ret i32 2
define i32 @two_returns(i1 %which) {
  br i1 %which, label %one, label %two
one:
  ret i32 1
two:
  ret i32 2
}

; What never returns has none.
; CHECK-LABEL: define void @stays(
; CHECK-NOT:     @__tally_time_exit
; CHECK:         call void @abort()
; CHECK-NEXT:    store ptr {{%[0-9]+}}, ptr getelementptr inbounds (i8, ptr @__tally_tls, i64 8), align 8
; CHECK-NEXT:    unreachable
; CHECK-NOT:     @__tally_time_exit
; CHECK:       {{^}}}
define void @stays() {
  call void @abort()
  unreachable
}
declare void @abort()

; CHECK-DAG: ![[RSP]] = !{!"rsp"}
; CHECK-DAG: [[UNLIKELY]] = !{!"branch_weights", i32 1, i32 1048576}
