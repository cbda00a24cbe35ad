// Which calls are timed can be left to the run, or be fixed in the code: enum tally_timing, the last
// but one field of a function's descriptor. What the code can do without is not there.
// RUN: %clang -O2 %to_ir %s | %opaque | %check %s --check-prefixes=CHECK,ANY,TIMED
// RUN: %clang -O2 %to_ir -fplugin-arg-tally-timing=adaptive %s | %opaque | %check %s --check-prefixes=CHECK,ADAPTIVE,TIMED
// RUN: %clang -O2 %to_ir -fplugin-arg-tally-timing=exact %s | %opaque | %check %s --check-prefixes=CHECK,EXACT
// RUN: %clang -O2 %to_ir -fplugin-arg-tally-timing=off %s | %opaque | %check %s --check-prefixes=CHECK,OFF --implicit-check-not=__tally_time --implicit-check-not=alloca
// RUN: not %clang -O2 %to_ir -fplugin-arg-tally-timing=often %s 2>&1 | %check %s --check-prefix=ERROR
// RUN: not %clang -O2 %to_ir -fplugin-arg-tally-timing= %s 2>&1 | %check %s --check-prefix=EMPTY
// RUN: not %clang -O2 %to_ir -fplugin-arg-tally-timing %s 2>&1 | %check %s --check-prefix=EMPTY

// ERROR: error: tally: plugin option 'timing=often': not one of exact, adaptive, off
// EMPTY: error: tally: plugin option 'timing=': not one of exact, adaptive, off

// ANY:       @__tally_function.leaf = {{.*}}, i32 0, i16 0, i16 0 }
// EXACT:     @__tally_function.leaf = {{.*}}, i32 0, i16 1, i16 0 }
// ADAPTIVE:  @__tally_function.leaf = {{.*}}, i32 0, i16 2, i16 0 }
// OFF:       @__tally_function.leaf = {{.*}}, i32 0, i16 3, i16 0 }

// CHECK-LABEL: define dso_local {{.*}}i32 @leaf(
// CHECK:       tally.entered:
// CHECK-NEXT:    [[NODE:%[0-9]+]] = phi ptr
// CHECK-NEXT:    [[IN:%[0-9]+]] = phi ptr
// CHECK:         call i64 @llvm.read_register.i64(
// CHECK:         store i64

// TIMED:         [[DUE:%[0-9]+]] = getelementptr inbounds i8, ptr [[NODE]], i64 80
// TIMED-NEXT:    {{%[0-9]+}} = load i64, ptr [[DUE]], align 8
// TIMED-NEXT:    [[IS_DUE:%[0-9]+]] = icmp uge i64
// TIMED-NEXT:    br i1 [[IS_DUE]], label %tally.time, label %tally.begun
// TIMED:         call preserve_allcc ptr @__tally_time_entry(ptr [[PLACE:%tally.timed[0-9]*]], ptr [[NODE]])
// TIMED:       tally.begun:
// TIMED-NEXT:    [[PAYER:%[0-9]+]] = phi ptr
// TIMED:         store ptr [[NODE]], ptr getelementptr inbounds (i8, ptr @__tally_tls, i64 8), align 8
// TIMED-NEXT:    %mul = mul nsw i32 %n, 3
// TIMED-NEXT:    icmp ne ptr {{%[0-9]+}}, null
// TIMED-NEXT:    br i1
// TIMED:         call preserve_allcc void @__tally_time_exit(ptr [[PLACE]], ptr [[NODE]], ptr [[PAYER]])
// TIMED:       tally.left:

// EXACT-NEXT:    [[PAYER:%[0-9]+]] = call preserve_allcc ptr @__tally_time_entry(ptr [[PLACE:%tally.timed[0-9]*]], ptr [[NODE]])
// EXACT-NEXT:    store ptr [[NODE]], ptr getelementptr inbounds (i8, ptr @__tally_tls, i64 8), align 8
// EXACT-NEXT:    %mul = mul nsw i32 %n, 3
// EXACT-NEXT:    call preserve_allcc void @__tally_time_exit(ptr [[PLACE]], ptr [[NODE]], ptr [[PAYER]])

// OFF-NEXT:      store ptr [[NODE]], ptr getelementptr inbounds (i8, ptr @__tally_tls, i64 8), align 8
// OFF-NEXT:      %mul = mul nsw i32 %n, 3

// CHECK-NEXT:    store ptr [[IN]], ptr @__tally_tls, align 8
// CHECK-NEXT:    ret i32 %mul
int leaf(int n) {
    return n * 3;
}
