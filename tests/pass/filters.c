// What is left out has no code of Tally's in it, and no descriptor.
// RUN: %clang -O0 %to_ir %s | %check %s --check-prefixes=CHECK,ALL
// RUN: %clang -O0 %to_ir -fplugin-arg-tally-exclude=wan* %s | %check %s --check-prefixes=CHECK,NONE
// RUN: %clang -O0 %to_ir -fplugin-arg-tally-exclude-file=*/filters.c %s | %check %s --check-prefixes=CHECK,NONE
// RUN: %clang -O0 %to_ir -fplugin-arg-tally-include=other %s | %check %s --check-prefixes=CHECK,NONE
// RUN: %clang -O0 %to_ir -fplugin-arg-tally-include-file=elsewhere.c %s | %check %s --check-prefixes=CHECK,NONE
// RUN: %clang -O0 %to_ir -fplugin-arg-tally-include=wanted -fplugin-arg-tally-include-file=filters.c %s | %check %s --check-prefixes=CHECK,ALL
// RUN: not %clang -O0 %to_ir -fplugin-arg-tally-exlude=x %s 2>&1 | %check %s --check-prefix=ERROR

// ERROR: error: tally: unknown plugin option 'exlude'; known are include, exclude, include-file, exclude-file, timing, alloc, free, alloc-attributes

// ALL: @__tally_function.wanted =
// ALL: @__tally_unit =
// ALL-SAME: i32 1, i32 0 }
// NONE-NOT: __tally

// CHECK-LABEL: define dso_local {{.*}}i32 @wanted(
// ALL: @__tally_enter_slow
// NONE-NOT: __tally
int wanted(int n) {
    return n;
}

// CHECK-LABEL: define dso_local {{.*}}i32 @annotated(
// CHECK-NOT:   __tally
// CHECK:       ret i32
__attribute__((annotate("tally:skip"))) int annotated(int n) {
    return n;
}

// CHECK-LABEL: define dso_local {{.*}}i32 @not_for_hooks(
// CHECK-NOT:   __tally
// CHECK:       ret i32
__attribute__((no_instrument_function)) int not_for_hooks(int n) {
    return n;
}

// They run while the program is relocated, when there is no thread state yet.
// CHECK-LABEL: define internal {{.*}} @resolver(
// CHECK-NOT:   __tally
// CHECK:       ret
static int (*resolver(void))(int) {
    return annotated;
}
int chosen(int n) __attribute__((ifunc("resolver")));
