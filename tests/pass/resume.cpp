// Where frames may have been skipped, the function says that it is the one that runs now.
// RUN: %clangxx -O1 %to_ir %s | %opaque | %check %s
#include <csetjmp>

void may_throw(int n);
void may_jump();
extern jmp_buf home;

// It was called while this one's time was charged to `PAYS`: itself if it is timed, or a caller.
// CHECK-LABEL: define dso_local {{.*}}i32 @_Z7catchesi(
// CHECK:       tally.entered:
// CHECK-NEXT:    [[NODE:%[0-9]+]] = phi ptr
// CHECK:       tally.begun:
// CHECK:         [[PAYS:%[0-9]+]] = load ptr, ptr getelementptr inbounds (i8, ptr @__tally_tls, i64 16), align 8
// CHECK:         invoke void @_Z9may_throwi(
// CHECK-NEXT:      to label
// CHECK:         landingpad { ptr, i32 }
// CHECK-NEXT:      catch ptr @_ZTIi
// CHECK:         call void @__tally_resume(ptr [[NODE]], ptr [[PAYS]])
// CHECK:         call {{.*}}ptr @__cxa_begin_catch(
int catches(int n) {
    try {
        may_throw(n);
    } catch (int caught) {
        return caught;
    }
    return 0;
}

struct Cleans {
    ~Cleans();
};

// Before the exception goes on from a clean-up, too.
// CHECK-LABEL: define dso_local void @_Z6cleansi(
// CHECK:         landingpad { ptr, i32 }
// CHECK-NEXT:      cleanup
// CHECK:         call void @__tally_resume(
// CHECK:         call void @_ZN6CleansD1Ev(
// CHECK:         resume { ptr, i32 }
void cleans(int n) {
    Cleans here;
    may_throw(n);
}

// CHECK-LABEL: define dso_local {{.*}}i32 @_Z10comes_backv(
// CHECK:         call i32 @_setjmp(
// CHECK-NEXT:    store ptr [[NODE:%[0-9]+]], ptr getelementptr inbounds (i8, ptr @__tally_tls, i64 8), align 8
// CHECK-NEXT:    call void @__tally_resume(ptr [[NODE]],
int comes_back() {
    if (setjmp(home) == 0)
        may_jump();
    return 1;
}
