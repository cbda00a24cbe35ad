// What the constants say: names, files, lines, call sites, and what was inlined where.
// RUN: %clang -O2 -g %to_ir %s | %opaque | %check %s --check-prefixes=CHECK,DEBUG --implicit-check-not=__tally_mark
// RUN: %clang -O2 %to_ir %s | %opaque | %check %s --check-prefixes=CHECK,BARE --implicit-check-not=__tally_mark
// RUN: %plain -O2 -g %to_ir -fpass-plugin=%plugin %s | %opaque | %check %s --check-prefixes=CHECK,DEBUG

int outside(int n);

static int innermost(int n) { // line 8
    return outside(n * 3);    // line 9
}

static int inner(int n) {    // line 12
    return innermost(n) ^ 1; // line 13
}

int outer(int n) {           // line 16
    int sum = inner(n);      // line 17
    sum += inner(sum + 1);   // line 18
    return sum + outside(n); // line 19
}

int calls_itself(int n, int sum) { // line 22
    if (n == 0)
        return outside(sum);
    return calls_itself(n - 1, sum * 3 + n);
}

// CHECK-DAG: @__tally_text.outer = private unnamed_addr constant [6 x i8] c"outer\00", align 1
// DEBUG-DAG: @__tally_source.outer = private constant {{.*}} { ptr @__tally_text.outer, ptr @__tally_text.outer, ptr [[FILE:@"__tally_text.*descriptors.c"]], i32 16, i32 0 }
// DEBUG-DAG: @__tally_source.inner = private constant {{.*}} { ptr @__tally_text.inner, ptr @__tally_text.inner, ptr [[FILE]], i32 12, i32 0 }
// DEBUG-DAG: @__tally_source.innermost = private constant {{.*}} { ptr @__tally_text.innermost, ptr @__tally_text.innermost, ptr [[FILE]], i32 8, i32 0 }
// BARE-DAG:  @__tally_source.outer = private constant {{.*}} { ptr @__tally_text.outer, ptr @__tally_text.outer, ptr @"__tally_text.{{.*}}descriptors.c", i32 0, i32 0 }

// The function, the two calls of inner at lines 17 and 18, in each of them innermost at 13.
// DEBUG-DAG: @__tally_function.outer = private constant {{.*}} { ptr @__tally_source.outer, ptr @outer, ptr @__tally_scopes.outer, ptr @__tally_sites.outer, ptr @__tally_counters.outer, i32 5, i32 3, i32 4, i32 1, i16 0, i16 0 }
// DEBUG-DAG: @__tally_scopes.outer = private constant [5 x { ptr, i32, i32 }] [{{.*}} { ptr @__tally_source.outer, i32 -1, i32 0 }, {{.*}} { ptr @__tally_source.inner, i32 0, i32 17 }, {{.*}} { ptr @__tally_source.innermost, i32 1, i32 13 }, {{.*}} { ptr @__tally_source.inner, i32 0, i32 18 }, {{.*}} { ptr @__tally_source.innermost, i32 3, i32 13 }]
// DEBUG-DAG: @__tally_sites.outer = private constant [6 x i32] [i32 2, i32 9, i32 4, i32 9, i32 0, i32 19]
// DEBUG-DAG: @__tally_counters.outer = private constant [8 x i32] [i32 1, i32 -1, i32 2, i32 -1, i32 3, i32 0, i32 4, i32 0]

// Without debugging information: the same chains, without lines.
// BARE-DAG: @__tally_scopes.outer = private constant [5 x { ptr, i32, i32 }] [{{.*}} { ptr @__tally_source.outer, i32 -1, i32 0 }, {{.*}} { ptr @__tally_source.inner, i32 0, i32 0 }, {{.*}} { ptr @__tally_source.innermost, i32 1, i32 0 }, {{.*}} { ptr @__tally_source.inner, i32 0, i32 0 }, {{.*}} { ptr @__tally_source.innermost, i32 3, i32 0 }]
// BARE-DAG: @__tally_counters.outer = private constant [8 x i32] [i32 1, i32 -1, i32 2, i32 -1, i32 3, i32 0, i32 4, i32 0]

// Tail recursion became a loop: its rounds are counted as a body of its own, called at line 25.
// DEBUG-DAG: @__tally_scopes.calls_itself = private constant [2 x { ptr, i32, i32 }] [{{.*}} { ptr @__tally_source.calls_itself, i32 -1, i32 0 }, {{.*}} { ptr @__tally_source.calls_itself, i32 0, i32 25 }]
// CHECK-DAG: @__tally_counters.calls_itself = private constant [2 x i32] [i32 1, i32 0]
// CHECK-LABEL: define dso_local {{.*}}i32 @calls_itself(
