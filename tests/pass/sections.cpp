// What is said of a function refers to it, and is to go where it goes: it has a section of its own,
// and is in the function's group if that is a local symbol, which nothing outside may refer to.
// RUN: %clangxx -std=c++17 -O0 %to_ir %s | %opaque | %check %s

int outside();
inline int variable = outside();
inline int shared() {
    return variable;
}
int plain() {
    return shared();
}

// CHECK-DAG: @__tally_function.__cxx_global_var_init = private constant {{.*}}, section ".data.rel.ro.tally.__cxx_global_var_init", comdat($variable)
// CHECK-DAG: @__tally_function._Z5plainv = private constant {{.*}}, section ".data.rel.ro.tally._Z5plainv"{{$}}
// CHECK-DAG: @__tally_function._Z6sharedv = private constant {{.*}}, section ".data.rel.ro.tally._Z6sharedv"{{$}}
