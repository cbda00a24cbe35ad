// At every level no mark is left, the code is valid, and it assembles.
// RUN: %clang -O0 -g %to_ir %s | %check %s --implicit-check-not=__tally_mark
// RUN: %clang -O1 -g %to_ir %s | %check %s --implicit-check-not=__tally_mark
// RUN: %clang -O2 -g %to_ir %s | %check %s --implicit-check-not=__tally_mark
// RUN: %clang -O3 -g %to_ir %s | %check %s --implicit-check-not=__tally_mark
// RUN: %clang -Os -g %to_ir %s | %check %s --implicit-check-not=__tally_mark
// RUN: %clang -Oz %to_ir %s | %check %s --implicit-check-not=__tally_mark
// RUN: %clang -O2 -flto=thin -g -c -o %t.o %s
// RUN: %clang -O0 -g -c -o %t.o %s -mllvm -verify-machineinstrs
// RUN: %clang -O3 -g -c -o %t.o %s -mllvm -verify-machineinstrs

// CHECK: define dso_local {{.*}}i32 @busy(
// CHECK: call preserve_allcc
int outside(int *n);

static inline int helper(int *n) {
    return outside(n) + *n;
}

int busy(int n) {
    int sum = 0, values[n + 1];
    for (int i = 0; i <= n; i++) {
        values[i] = i;
        sum += helper(&values[i]);
        if (sum > 1000)
            return sum;
    }
    switch (n) {
    case 1:
        return helper(&sum);
    case 2:
        goto *(n > 3 ? &&here : &&there);
    default:
        sum++;
    }
here:
    sum += 2;
there:
    return n > 5 ? busy(n - 1) : sum;
}
