// A function left by a jump exits first, then says who calls whom and from which site.
// RUN: %clang -O2 %to_ir %s | %opaque | %check %s

int callee(int n);
int other(int n);

// Offsets in tls: tail_node 40, tail_site 48, tail_return 56, tail_callee 64.
// CHECK-LABEL: define dso_local {{.*}}i32 @jumps(
// CHECK:       tally.entered:
// CHECK-NEXT:    [[NODE:%[0-9]+]] = phi ptr
// CHECK-NEXT:    [[SLOT:%[0-9]+]] = phi ptr
// CHECK:       tally.left:
// CHECK-NEXT:    store ptr [[SLOT]], ptr @__tally_tls, align 8
// CHECK-NEXT:    store ptr [[NODE]], ptr getelementptr inbounds (i8, ptr @__tally_tls, i64 40), align 8
// CHECK-NEXT:    store i64 0, ptr getelementptr inbounds (i8, ptr @__tally_tls, i64 48), align 8
// CHECK-NEXT:    store ptr [[SLOT]], ptr getelementptr inbounds (i8, ptr @__tally_tls, i64 56), align 8
// CHECK-NEXT:    store ptr @callee, ptr getelementptr inbounds (i8, ptr @__tally_tls, i64 64), align 8
// CHECK-NEXT:    store ptr @__tally_tail_slot, ptr @__tally_tls, align 8
// CHECK-NEXT:    tail call i32 @callee(
// CHECK-NEXT:    ret i32
int jumps(int n) {
    return callee(n + 1);
}

// CHECK-LABEL: define dso_local {{.*}}i32 @jumps_indirectly(
// CHECK:         store ptr %to, ptr getelementptr inbounds (i8, ptr @__tally_tls, i64 64), align 8
// CHECK-NEXT:    store ptr @__tally_tail_slot, ptr @__tally_tls, align 8
// CHECK-NEXT:    tail call i32 %to(
// CHECK-NEXT:    ret i32
int jumps_indirectly(int n, int (*to)(int)) {
    return to(n);
}

// CHECK-LABEL: define dso_local {{.*}}i32 @must_jump(
// CHECK:         store ptr @__tally_tail_slot, ptr @__tally_tls, align 8
// CHECK-NEXT:    musttail call i32 @callee(
// CHECK-NEXT:    ret i32
int must_jump(int n) {
    __attribute__((musttail)) return callee(n);
}

// Two ends that share a return: each is a jump still, with a return of its own.
// CHECK-LABEL: define dso_local {{.*}}i32 @jumps_either_way(
// CHECK:         store i64 [[# %d, SITE:]], ptr getelementptr inbounds (i8, ptr @__tally_tls, i64 48)
// CHECK:         store ptr @__tally_tail_slot, ptr @__tally_tls, align 8
// CHECK-NEXT:    tail call i32 @{{callee|other}}(
// CHECK-NEXT:    ret i32
// CHECK:         store ptr @__tally_tail_slot, ptr @__tally_tls, align 8
// CHECK-NEXT:    tail call i32 @{{callee|other}}(
// CHECK-NEXT:    ret i32
int jumps_either_way(int n) {
    if (n & 1)
        return callee(n);
    return other(n * 3);
}

// Something is done after the call: that is no jump.
// CHECK-LABEL: define dso_local {{.*}}i32 @returns(
// CHECK-NOT:     @__tally_tail_slot
// CHECK:         call i32 @callee(
// CHECK:         store ptr {{%[0-9]+}}, ptr @__tally_tls, align 8
// CHECK-NEXT:    ret i32
int returns(int n) {
    return callee(n) + 1;
}

// The callee is given an address in this function's frame: that is no jump either.
// CHECK-LABEL: define dso_local {{.*}}i32 @lends_its_frame(
// CHECK-NOT:     @__tally_tail_slot
// CHECK:         ret i32
int takes(int *n);
int lends_its_frame(int n) {
    return takes(&n);
}
