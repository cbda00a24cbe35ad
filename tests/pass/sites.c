// Before each call that may reach counted code, the slot that its callee will look in is set;
// after it, the function's own context is the running one again.
// RUN: %clang -O0 %to_ir %s | %opaque | %check %s
// RUN: %clang -O0 -g %to_ir %s | %opaque | %check %s --check-prefix=LINES
#include <stdlib.h>
#include <string.h>

int outside(int n);

// CHECK-DAG: @__tally_function.calls = {{.*}} ptr @__tally_sites.calls, ptr null, i32 1, i32 4, i32 0, i32 0, i16 0, i16 0 }
// CHECK-DAG: @__tally_sites.calls = private constant [8 x i32] zeroinitializer
// CHECK-DAG: @__tally_function.calls_nobody = {{.*}} ptr null, ptr null, i32 1, i32 0, i32 0, i32 0, i16 0, i16 0 }
// LINES-DAG: @__tally_sites.calls = private constant [8 x i32] [i32 0, i32 [[# @LINE + 22]], i32 0, i32 [[# @LINE + 23]], i32 0, i32 [[# @LINE + 24]], i32 0, i32 [[# @LINE + 25]]]

// CHECK-LABEL: define dso_local {{.*}}i32 @calls(
// CHECK:       tally.entered:
// CHECK-NEXT:    [[NODE:%[0-9]+]] = phi ptr
// CHECK:         [[FIRST:%[0-9]+]] = getelementptr inbounds i8, ptr [[NODE]], i64 96
// CHECK-NEXT:    store ptr [[FIRST]], ptr @__tally_tls, align 8
// CHECK-NEXT:    call i32 @outside(
// CHECK-NEXT:    store ptr [[NODE]], ptr getelementptr inbounds (i8, ptr @__tally_tls, i64 8), align 8
// CHECK:         [[SECOND:%[0-9]+]] = getelementptr inbounds i8, ptr [[NODE]], i64 104
// CHECK-NEXT:    store ptr [[SECOND]], ptr @__tally_tls, align 8
// CHECK-NEXT:    call i32 @outside(
// CHECK-NEXT:    store ptr [[NODE]], ptr getelementptr inbounds (i8, ptr @__tally_tls, i64 8), align 8
// CHECK:         [[THIRD:%[0-9]+]] = getelementptr inbounds i8, ptr [[NODE]], i64 112
// CHECK-NEXT:    store ptr [[THIRD]], ptr @__tally_tls, align 8
// CHECK-NEXT:    call i32 %{{[0-9]+}}(
// CHECK-NEXT:    store ptr [[NODE]], ptr getelementptr inbounds (i8, ptr @__tally_tls, i64 8), align 8
// CHECK:         [[FOURTH:%[0-9]+]] = getelementptr inbounds i8, ptr [[NODE]], i64 120
// CHECK-NEXT:    store ptr [[FOURTH]], ptr @__tally_tls, align 8
// CHECK-NEXT:    call void @qsort(
// CHECK-NEXT:    store ptr [[NODE]], ptr getelementptr inbounds (i8, ptr @__tally_tls, i64 8), align 8
int calls(int n, int (*indirect)(int), int (*compare)(const void *, const void *)) {
    int a = outside(n);
    int b = outside(a);
    int c = indirect(b);
    qsort(&a, 1, sizeof a, compare);
    return c;
}

// Of these none calls back: assembler text, intrinsics, and what the C library does with memory.
// CHECK-LABEL: define dso_local {{.*}}i64 @calls_nobody(
// CHECK:         store ptr {{%[0-9]+}}, ptr getelementptr inbounds (i8, ptr @__tally_tls, i64 8)
// CHECK-NOT:     ptr @__tally_tls, align 8
// CHECK:         call void @llvm.memset
// CHECK-NOT:     ptr @__tally_tls, align 8
// CHECK:       tally.left:
unsigned long calls_nobody(char *text, unsigned n) {
    __asm__ volatile("");
    memset(text, 0, n);
    return (unsigned long)__builtin_popcount(n);
}
