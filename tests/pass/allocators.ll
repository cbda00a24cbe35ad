; A block is told of where the call returned normally, and nowhere else; behind a call that must be
; the last nothing can be told.
; RUN: %opt -passes=tally-mark,tally-instrument,verify -S %s | %opaque | %check %s

declare i8* @take(i32) allocsize(0)
declare i32 @__gxx_personality_v0(...)

; CHECK-LABEL: define ptr @takes_or_not(
; CHECK:         invoke ptr @take(i32 %n)
; CHECK-NEXT:      to label %[[NORMAL:.*]] unwind label %thrown
; CHECK:       [[NORMAL]]:
; CHECK:         call void @__tally_allocated(ptr {{.*}}@__tally_text.take{{.*}}, ptr %block, i64 %{{[0-9]+}})
; CHECK-NEXT:    br label %end
; CHECK:       end:
; CHECK-NEXT:    phi ptr
; CHECK-NOT:     @__tally_allocated
; CHECK:         ret ptr
define i8* @takes_or_not(i32 %n) personality i32 (...)* @__gxx_personality_v0 {
  %is_none = icmp eq i32 %n, 0
  br i1 %is_none, label %end, label %some
some:
  %block = invoke i8* @take(i32 %n) to label %end unwind label %thrown
end:
  %result = phi i8* [ null, %0 ], [ %block, %some ], [ null, %thrown ]
  ret i8* %result
thrown:
  %caught = landingpad { i8*, i32 } catch i8* null
  br label %end
}

; CHECK-LABEL: define ptr @must_jump(
; CHECK-NOT:     @__tally_allocated
; CHECK:         musttail call ptr @take(i32 %n)
; CHECK-NEXT:    ret ptr
define i8* @must_jump(i32 %n) {
  %block = musttail call i8* @take(i32 %n)
  ret i8* %block
}
