; The second stage: what is run on each entry and exit, instruction by instruction. Offsets are
; those of tally/abi.h: tls { slot 0, cur 8, last 16, clock 24 }, node { fn 0, calls 8, self 16 }.
; RUN: %opt -passes=tally-mark,tally-instrument,verify -S %s | %opaque | %check %s

; CHECK-DAG: @__tally_tls = external thread_local(initialexec) global [8 x i64], align 8
; CHECK-DAG: @__tally_function.leaf = private constant

; CHECK-LABEL: define i32 @leaf(i32 %n)
; CHECK:         [[IN:%[0-9]+]] = load ptr, ptr @__tally_tls, align 8
; CHECK-NEXT:    [[N:%[0-9]+]] = load ptr, ptr [[IN]], align 8
; CHECK-NEXT:    [[FN:%[0-9]+]] = load ptr, ptr [[N]], align 8
; CHECK-NEXT:    [[MISS:%[0-9]+]] = icmp ne ptr [[FN]], @__tally_function.leaf
; CHECK-NEXT:    br i1 [[MISS]], label %tally.enter, label %tally.entered, !prof [[UNLIKELY:![0-9]+]]
; CHECK:       tally.enter:
; CHECK-NEXT:    [[FOUND:%[0-9]+]] = call preserve_allcc ptr @__tally_enter_slow(ptr [[IN]], ptr @__tally_function.leaf)
; CHECK-NEXT:    [[IN2:%[0-9]+]] = load ptr, ptr @__tally_tls, align 8
; CHECK-NEXT:    br label %tally.entered
; CHECK:       tally.entered:
; CHECK-NEXT:    [[NODE:%[0-9]+]] = phi ptr [ [[N]], %{{.*}} ], [ [[FOUND]], %tally.enter ]
; CHECK-NEXT:    [[SLOT:%[0-9]+]] = phi ptr [ [[IN]], %{{.*}} ], [ [[IN2]], %tally.enter ]
; CHECK-NEXT:    [[PREV:%[0-9]+]] = load ptr, ptr getelementptr inbounds (i8, ptr @__tally_tls, i64 8), align 8
; CHECK-NEXT:    [[P:%[0-9]+]] = getelementptr inbounds i8, ptr [[NODE]], i64 8
; CHECK-NEXT:    call void asm sideeffect "incq $0", "=*m,~{flags},~{dirflag},~{fpsr}"(ptr {{.*}}[[P]])
; CHECK-NEXT:    [[CLOCK:%[0-9]+]] = load i64, ptr getelementptr inbounds (i8, ptr @__tally_tls, i64 24), align 8
; CHECK-NEXT:    [[OTHER:%[0-9]+]] = icmp ne i64 [[CLOCK]], 0
; CHECK-NEXT:    br i1 [[OTHER]], label %tally.clock, label %tally.tsc, !prof [[UNLIKELY]]
; CHECK:       tally.tsc:
; CHECK-NEXT:    [[TSC:%[0-9]+]] = call i64 @llvm.readcyclecounter()
; CHECK-NEXT:    br label %tally.timed
; CHECK:       tally.clock:
; CHECK-NEXT:    [[ASKED:%[0-9]+]] = call preserve_allcc i64 @__tally_now()
; CHECK-NEXT:    br label %tally.timed
; CHECK:       tally.timed:
; CHECK-NEXT:    [[NOW:%[0-9]+]] = phi i64 [ [[TSC]], %tally.tsc ], [ [[ASKED]], %tally.clock ]
; CHECK-NEXT:    [[LAST:%[0-9]+]] = load i64, ptr getelementptr inbounds (i8, ptr @__tally_tls, i64 16), align 8
; CHECK-NEXT:    [[GONE:%[0-9]+]] = sub i64 [[NOW]], [[LAST]]
; CHECK-NEXT:    [[P2:%[0-9]+]] = getelementptr inbounds i8, ptr [[PREV]], i64 16
; CHECK-NEXT:    [[SELF:%[0-9]+]] = load i64, ptr [[P2]], align 8
; CHECK-NEXT:    [[SUM:%[0-9]+]] = add i64 [[SELF]], [[GONE]]
; CHECK-NEXT:    [[Q2:%[0-9]+]] = getelementptr inbounds i8, ptr [[PREV]], i64 16
; CHECK-NEXT:    store i64 [[SUM]], ptr [[Q2]], align 8
; CHECK-NEXT:    store i64 [[NOW]], ptr getelementptr inbounds (i8, ptr @__tally_tls, i64 16), align 8
; CHECK-NEXT:    store ptr [[NODE]], ptr getelementptr inbounds (i8, ptr @__tally_tls, i64 8), align 8

; The body, then the way out: the node's own time, and what was before.
; CHECK-NEXT:    %r = mul i32 %n, 3
; CHECK:       tally.timed{{[0-9]+}}:
; CHECK-NEXT:    [[NOW2:%[0-9]+]] = phi i64
; CHECK:         getelementptr inbounds i8, ptr [[NODE]], i64 16
; CHECK:         store i64 [[NOW2]], ptr getelementptr inbounds (i8, ptr @__tally_tls, i64 16), align 8
; CHECK-NEXT:    store ptr [[PREV]], ptr getelementptr inbounds (i8, ptr @__tally_tls, i64 8), align 8
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

; What never returns has none. What calls others says where the stack was when it began.
; CHECK-LABEL: define void @stays(
; CHECK:         [[STACK:%[0-9]+]] = call i64 @llvm.read_register.i64(metadata ![[RSP:[0-9]+]])
; CHECK-NEXT:    [[P:%[0-9]+]] = getelementptr inbounds i8, ptr %{{[0-9]+}}, i64 64
; CHECK-NEXT:    store i64 [[STACK]], ptr [[P]], align 8
; CHECK:         call void @abort()
; CHECK-NEXT:    unreachable
; CHECK-NEXT:  }
define void @stays() {
  call void @abort()
  unreachable
}
declare void @abort()

; CHECK-DAG: ![[RSP]] = !{!"rsp"}
; CHECK-DAG: [[UNLIKELY]] = !{!"branch_weights", i32 1, i32 1048576}
