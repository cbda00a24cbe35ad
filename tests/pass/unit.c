// Each unit with something counted registers itself, before all else, and asks for its runtime by a
// symbol that only this version of the runtime has.
// RUN: %clang -O2 -fplugin-arg-tally-exclude=left_out -fplugin-arg-tally-exclude=gone %to_ir %s | %opaque | %check %s
// RUN: %clang -O0 -fplugin-arg-tally-exclude=* %to_ir %s | %check %s --check-prefix=NONE

// CHECK-DAG: @__tally_runtime_of_abi_version_4_is_required = external global i8
// CHECK-DAG: @__tally_unit = internal global {{.*}} { ptr @__tally_runtime_of_abi_version_4_is_required, ptr null, ptr @"__tally_text.{{.*}}unit.c", ptr {{.*}}@"__tally_text.{{.*}}clang version {{.*}}, ptr @"__tally_text.exclude=left_out exclude=gone", ptr @__tally_text.-O2, i32 2, i32 2 }
// CHECK-DAG: @llvm.global_ctors = appending global {{.*}} { i32 0, ptr @__tally_unit_register, ptr null }]
// CHECK-DAG: @llvm.global_dtors = appending global {{.*}} { i32 0, ptr @__tally_unit_unregister, ptr null }]
// CHECK-LABEL: define internal void @__tally_unit_register()
// CHECK-NEXT:    call void @__tally_register_unit(ptr @__tally_unit)
// CHECK-NEXT:    ret void
// CHECK-LABEL: define internal void @__tally_unit_unregister()
// CHECK-NEXT:    call void @__tally_unregister_unit(ptr @__tally_unit)
// CHECK-NEXT:    ret void

// NONE-NOT: __tally
int one(int n) {
    return n;
}
int two(int n) {
    return n + 1;
}
int left_out(int n) {
    return n + 2;
}
