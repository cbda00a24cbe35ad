// After a call of an allocator of the program's own the runtime is told of the block, from a site of
// its own; before a call that takes one back likewise. Also where the call itself was inlined.
// RUN: %clang -O2 -g %to_ir -fplugin-arg-tally-alloc=pool_*:size=2 -fplugin-arg-tally-free=pool_put:ptr=2 %s | %opaque | %check %s --implicit-check-not=@__tally_alloc. --implicit-check-not="@__tally_free("
// RUN: %clang -O0 -g %to_ir -fplugin-arg-tally-alloc=pool_*:size=2 -fplugin-arg-tally-free=pool_put:ptr=2 %s | %opaque | %check %s --check-prefix=PLAIN
// RUN: %clang -O2 %to_ir -fplugin-arg-tally-alloc-attributes=off %s | %check %s --check-prefix=NONE --implicit-check-not=@__tally_allocated --implicit-check-not=@__tally_freed
// RUN: not %clang %to_ir -fplugin-arg-tally-alloc=pool_get:size=0 %s 2>&1 | %check %s --check-prefix=FORM
// RUN: not %clang %to_ir -fplugin-arg-tally-free=pool_put:ptr=3 %s 2>&1 | %check %s --check-prefix=ARGUMENT
#include <stdlib.h>

// NONE: @__tally_unit =
// FORM: error: tally: plugin option 'alloc=pool_get:size=0': not of the form alloc=GLOB, alloc=GLOB:size=N or alloc=GLOB:size=N*M
// ARGUMENT: error: tally: argument 3 of a call of 'pool_put' is to be a block, and is not a pointer

struct pool;
char *pool_get(struct pool *pool, unsigned size);
void pool_put(struct pool *pool, void *block); /* no block is returned: no allocator */
void *array_of(size_t n, size_t size) __attribute__((alloc_size(1, 2)));
void *unsized(void) __attribute__((malloc));

// The site of the mark is at the line of the call.
// CHECK-DAG: @__tally_sites.takes = private constant [4 x i32] [i32 0, i32 [[# @LINE + 17]], i32 0, i32 [[# @LINE + 17]]]
// CHECK-DAG: @__tally_text.pool_get = {{.*}} c"pool_get\00"
// CHECK-LABEL: define dso_local {{.*}}ptr @takes(
// CHECK:         [[FIRST:%[0-9]+]] = getelementptr inbounds i8, ptr [[NODE:%[0-9]+]], i64 96
// CHECK-NEXT:    store ptr [[FIRST]], ptr @__tally_tls, align 8
// CHECK-NEXT:    %call = {{(tail )?}}call ptr @pool_get(ptr {{.*}}%pool, i32 {{.*}}%size)
// CHECK-NEXT:    store ptr [[NODE]], ptr getelementptr inbounds (i8, ptr @__tally_tls, i64 8), align 8
// CHECK-NEXT:    [[SIZE:%[0-9]+]] = zext i32 %size to i64
// CHECK-NEXT:    [[SECOND:%[0-9]+]] = getelementptr inbounds i8, ptr [[NODE]], i64 104
// CHECK-NEXT:    store ptr [[SECOND]], ptr @__tally_tls, align 8
// CHECK-NEXT:    call void @__tally_allocated(ptr {{.*}}@__tally_text.pool_get{{.*}}, ptr %call, i64 [[SIZE]])
// CHECK:         ret ptr %call
// PLAIN-LABEL: define dso_local {{.*}}ptr @takes(
// PLAIN:         call ptr @pool_get(
// PLAIN:         call void @__tally_allocated(ptr {{.*}}@__tally_text.pool_get
// PLAIN:         ret ptr
char *takes(struct pool *pool, unsigned size) {
    return pool_get(pool, size);
}

// No site is needed, and a call in the place of the last stays a jump.
// CHECK-LABEL: define dso_local void @gives(
// CHECK:         call void @__tally_freed(ptr %block)
// CHECK:         store ptr @__tally_tail_slot, ptr @__tally_tls, align 8
// CHECK-NEXT:    tail call void @pool_put(
// PLAIN-LABEL: define dso_local void @gives(
// PLAIN:         call void @__tally_freed(ptr
// PLAIN:         call void @pool_put(
void gives(struct pool *pool, void *block) {
    pool_put(pool, block);
}

// CHECK-LABEL: define dso_local {{.*}}ptr @takes_array(
// CHECK:         %call = {{(tail )?}}call ptr @array_of(i64 {{.*}}%n, i64 {{.*}}8)
// CHECK:         [[SIZE:%[0-9]+]] = mul i64 %n, 8
// CHECK:         call void @__tally_allocated(ptr {{.*}}@__tally_text.array_of{{.*}}, ptr %call, i64 [[SIZE]])
void *takes_array(size_t n) {
    return array_of(n, 8);
}

static char memory[1000];
static int used;
static inline void *pool_of_mine(int n, int size) {
    return memory + (used += n + size);
}

// Nothing is left of the call; what was handed out there is known.
// CHECK-LABEL: define dso_local {{.*}}ptr @takes_inline(
// CHECK-NOT:     call {{.*}}@pool_of_mine
// CHECK:         call void @__tally_allocated(ptr {{.*}}@__tally_text.pool_of_mine{{.*}}, ptr {{.*}}, i64 5)
// CHECK-LABEL: define dso_local {{.*}}ptr @not_these(
void *takes_inline(void) {
    return pool_of_mine(3, 5);
}

// The C library's own are seen elsewhere; of the others nobody says how much they hand out.
// CHECK-NOT:     @__tally_allocated
// CHECK:         ret
void *not_these(size_t n) {
    void **blocks = calloc(4, n);
    blocks[0] = malloc(n);
    blocks[1] = reallocarray(blocks[0], n, n);
    blocks[2] = unsized();
    return blocks;
}
