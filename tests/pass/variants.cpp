// One mark on each way into a constructor, destructor or method: see plugin/variants.h.
// RUN: %clangxx -O0 %to_ir %s | %opaque | %check %s
// RUN: %clangxx -O0 -g %to_ir %s | %opaque | %check %s

void outside(int);

struct Root {
    virtual ~Root();
};
struct First {
    virtual void first();
};
struct Other {
    virtual void method(int);
    virtual Other *copy(int, ...);
};
struct Thing : virtual Root, First, Other {
    ~Thing() override;
    void method(int) override;
    Thing *copy(int, ...) override;
    static void operator delete(void *);
};
Other *makes() {
    return new Thing; // for the table, and so the thunks
}
void Thing::method(int n) {
    outside(n);
}
Thing *Thing::copy(int, ...) {
    outside(2);
    return this;
}
Thing::~Thing() {
    outside(3);
}

// All are one function, with nothing inlined into another.
// CHECK-DAG: @__tally_function._ZN5ThingD2Ev = private constant {{.*}} { ptr @__tally_source._ZN5ThingD2Ev, ptr @_ZN5ThingD2Ev, {{.*}}, ptr null, i32 1, i32 {{[0-9]}}, i32 0, i32 0, i16 0, i16 0 }
// CHECK-DAG: @__tally_function._ZN5ThingD1Ev = private constant {{.*}} { ptr @__tally_source._ZN5ThingD2Ev, ptr @_ZN5ThingD1Ev, {{.*}}, ptr null, i32 1, i32 {{[0-9]}}, i32 0, i32 0, i16 0, i16 0 }
// CHECK-DAG: @__tally_function._ZN5ThingD0Ev = private constant {{.*}} { ptr @__tally_source._ZN5ThingD2Ev, ptr @_ZN5ThingD0Ev, {{.*}}, ptr null, i32 1, i32 {{[0-9]}}, i32 0, i32 0, i16 0, i16 0 }
// A thunk that is a copy of the method is the method.
// CHECK-DAG: @__tally_function.[[COPY:_ZTch.*_N5Thing4copyEiz]] = private constant {{.*}} { ptr @__tally_source._ZN5Thing4copyEiz,

// A thunk is not counted. Who jumped to it jumped to the method.
// CHECK-LABEL: define dso_local {{.*}}@_ZThn8_N5Thing6methodEi(
// CHECK-NOT:     @__tally_function
// CHECK:         [[CALLEE:%.*]] = load ptr, ptr getelementptr inbounds (i8, ptr @__tally_tls, i64 64)
// CHECK-NEXT:    [[IS_THIS:%.*]] = icmp eq ptr [[CALLEE]], @_ZThn8_N5Thing6methodEi
// CHECK-NEXT:    [[NEXT:%.*]] = select i1 [[IS_THIS]], ptr @_ZN5Thing6methodEi, ptr [[CALLEE]]
// CHECK-NEXT:    store ptr [[NEXT]], ptr getelementptr inbounds (i8, ptr @__tally_tls, i64 64)
// CHECK-NEXT:    tail call void @_ZN5Thing6methodEi(
// CHECK:         ret void

// Each has all of the body.
// CHECK-LABEL: define dso_local {{.*}}@_ZN5ThingD1Ev(
// CHECK-NOT:     call {{.*}}@_ZN5ThingD2Ev(
// CHECK:         invoke void @_Z7outsidei({{.*}}3)
// CHECK-NOT:     call {{.*}}@_ZN5ThingD2Ev(
// CHECK:         call {{.*}}@_ZN4RootD2Ev(
// CHECK:         ret void
// CHECK-LABEL: define dso_local {{.*}}@_ZN5ThingD0Ev(
// CHECK-NOT:     call {{.*}}@_ZN5ThingD
// CHECK:         invoke void @_Z7outsidei({{.*}}3)
// CHECK-NOT:     call {{.*}}@_ZN5ThingD{{[0-2]}}
// CHECK:         call {{.*}}@_ZN5ThingdlEPv(
// CHECK:         ret void
