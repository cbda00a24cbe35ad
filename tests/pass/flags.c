// The flags that change the code, and no others, are part of the unit, whichever way they reach
// the compiler.
// RUN: %clang -O0 -std=c11 -DNAME=\"a\ b\" -D ONE -UTWO -fwrapv -Ofast -march=x86-64 -pthread -g -Wall -I/tmp -fcolor-diagnostics -fno-ident -ffile-prefix-map=/a=/b -fplugin-arg-tally-timing=off -MMD -MF %t.d -fprofile-generate=/tmp/x -Wno-everything %to_ir %s | %check %s --check-prefix=KEPT
// KEPT: @"__tally_text.-std=c11 -fwrapv -Ofast -march=x86-64 -pthread -fprofile-generate -DNAME={{.+}}a{{.+}} b{{.+}} -DONE -UTWO" =

// Of several the last one counts; the preprocessor's come last.
// RUN: %clang -O3 -DX -fno-inline -O1 -DX=1 -fwrapv -O2 -DX -fwrapv %to_ir %s | %check %s --check-prefix=LAST
// LAST: @"__tally_text.-fno-inline -O2 -fwrapv -DX=1 -DX" =

// What a driver hands on to its parts. The values of other arguments are no flags.
// RUN: %clang -Xclang -fno-builtin -mllvm -inline-threshold=7 -Wp,-DX -Xlinker -fother -Xclang -mno-constructor-aliases -target x86_64-linux-gnu %to_ir %s | %check %s --check-prefix=PARTS
// PARTS: @"__tally_text.-fno-builtin -mllvm=-inline-threshold=7 --target=x86_64-linux-gnu -DX" =

// In a file.
// RUN: echo "-O1 -DFROM='a file' -c" > %t.rsp
// RUN: %clang @%t.rsp %to_ir %s | %check %s --check-prefix=FILE
// FILE: @"__tally_text.-O1 -DFROM=a{{.+}} file" =

// By a driver that starts a compiler for each of several files: its own process, then a child.
// RUN: cp %s %t.other.c
// RUN: %clang -O2 -fno-integrated-cc1 -DCHILD %to_ir %s | %check %s --check-prefix=CHILD
// RUN: cd %T && %clang -O2 -DCHILD -S -emit-llvm -fno-discard-value-names %s %t.other.c && cat flags.ll | %check %s --check-prefix=CHILD
// CHILD: @"__tally_text.-O2 -DCHILD" =

// Without a driver nobody knows.
// RUN: %plain -cc1 -load %plugin -add-plugin tally -O2 -DX -emit-llvm -o - %s | %check %s --check-prefix=NOBODY
// NOBODY-NOT: __tally_text.-
// NOBODY: @__tally_unit =
// NOBODY-NOT: __tally_text.-
int one(int n) {
    return n;
}
