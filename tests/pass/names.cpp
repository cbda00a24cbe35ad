// C++ names are qualified, without parameters; the linkage name is kept beside.
// RUN: %clangxx -O0 -g %to_ir %s | %opaque | %check %s
// RUN: %clangxx -O0 %to_ir %s | %opaque | %check %s

namespace space {
struct Thing {
    int method(int n) const;
    Thing();
};
int Thing::method(int n) const {
    return n;
}
Thing::Thing() {}
template <typename T> T twice(T value) {
    return value + value;
}
template int twice<int>(int);
} // namespace space

namespace {
int hidden(int n) {
    return n;
}
} // namespace
int (*kept)(int) = hidden;
extern "C" int plain_c(int n) {
    return n;
}
int operator-(const space::Thing &thing) {
    return thing.method(1);
}

// CHECK-DAG: @__tally_source._ZNK5space5Thing6methodEi = {{.*}} { ptr @"__tally_text.space::Thing::method", ptr @__tally_text._ZNK5space5Thing6methodEi,
// CHECK-DAG: @__tally_source._ZN5space5ThingC2Ev = {{.*}} { ptr @"__tally_text.space::Thing::Thing", ptr @__tally_text._ZN5space5ThingC2Ev,
// CHECK-DAG: @__tally_source._ZN5space5twiceIiEET_S1_ = {{.*}} { ptr @"__tally_text.{{(int )?}}space::twice<int>", ptr @__tally_text._ZN5space5twiceIiEET_S1_,
// CHECK-DAG: @__tally_source._ZN12_GLOBAL__N_16hiddenEi = {{.*}} { ptr @"__tally_text.(anonymous namespace)::hidden", ptr @__tally_text._ZN12_GLOBAL__N_16hiddenEi,
// CHECK-DAG: @__tally_source.plain_c = {{.*}} { ptr @__tally_text.plain_c, ptr @__tally_text.plain_c,
// CHECK-DAG: @__tally_source._ZngRKN5space5ThingE = {{.*}} { ptr @__tally_text.operator-, ptr @__tally_text._ZngRKN5space5ThingE,
