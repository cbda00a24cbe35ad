// Tail recursion made a loop: the entry counts once, before it, and each round where it jumps back.
// RUN: %clang -O2 %to_ir %s | %opaque | %check %s --implicit-check-not=__tally_mark --implicit-check-not=__tally_round

int outside(int n);

// CHECK: @__tally_function.again = private constant {{.*}} ptr @__tally_counters.again, i32 2, i32 1, i32 1, i32 1, i16 0, i16 0 }
// CHECK-LABEL: define dso_local {{.*}}i32 @again(
// CHECK:       tally.entered:
// CHECK-NEXT:    [[NODE:%[0-9]+]] = phi ptr
// CHECK:         getelementptr inbounds i8, ptr [[NODE]], i64 72
// CHECK:         call i32 @outside(
// CHECK:         [[P:%[0-9]+]] = getelementptr inbounds i8, ptr [[NODE]], i64 104
// CHECK-NEXT:    call void asm sideeffect "incq $0", "=*m,~{flags},~{dirflag},~{fpsr}"(ptr {{.*}}[[P]])
// CHECK:         ret i32
int again(int n, int sum) {
    if (n == 0)
        return sum;
    return again(n - 1, sum ^ outside(n));
}
