// What the optimiser made several of is one call of one body still: each of its marks increments the
// one cell, also where they are sure to run together and as often as others are.
// RUN: %clang -O2 -g %to_ir %s | %opaque | %check %s

extern int first[], second[];

static inline void body(int i) {
    first[i] = i;
}

static inline void likewise(int i) {
    second[i] = i;
}

// CHECK: @__tally_function.unrolled = private constant {{.*}} i32 4, i32 0, i32 3, i32 1, i16 0, i16 0 }
// CHECK: @__tally_counters.unrolled = private constant [6 x i32] [i32 1, i32 -1, i32 2, i32 0, i32 3, i32 0]
// CHECK-LABEL: define dso_local void @unrolled(
// CHECK:         [[NODE:%[0-9]+]] = phi ptr
// CHECK:         [[P1:%[0-9]+]] = getelementptr inbounds i8, ptr [[NODE]], i64 96
// CHECK-NEXT:    call void asm sideeffect "incq $0"{{.*}}[[P1]])
// CHECK:         [[P2:%[0-9]+]] = getelementptr inbounds i8, ptr [[NODE]], i64 96
// CHECK-NEXT:    call void asm sideeffect "incq $0"{{.*}}[[P2]])
// CHECK:         [[P3:%[0-9]+]] = getelementptr inbounds i8, ptr [[NODE]], i64 96
// CHECK-NEXT:    call void asm sideeffect "incq $0"{{.*}}[[P3]])
// CHECK-NOT:     "incq $0"
// CHECK:         ret void
void unrolled(void) {
    body(7);
    for (int i = 0; i < 3; i++) {
        body(i);
        likewise(i);
    }
}
