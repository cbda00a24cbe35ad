; Where a call that may throw returns normally, the function's own context is the running one again,
; before anything else is done there; where it does not, __tally_resume says so.
; RUN: %opt -passes=tally-mark,tally-instrument,verify -S %s | %opaque | %check %s

declare void @may_throw()
declare i32 @__gxx_personality_v0(...)

; CHECK-LABEL: define i32 @calls(
; CHECK:       tally.entered:
; CHECK-NEXT:    [[NODE:%[0-9]+]] = phi ptr
; CHECK:       tally.begun:
; CHECK:         [[PAYS:%[0-9]+]] = load ptr, ptr getelementptr inbounds (i8, ptr @__tally_tls, i64 16), align 8
; CHECK:         [[FIRST:%[0-9]+]] = getelementptr inbounds i8, ptr [[NODE]], i64 96
; CHECK-NEXT:    store ptr [[FIRST]], ptr @__tally_tls, align 8
; CHECK-NEXT:    invoke void @may_throw()
; CHECK:       again:
; CHECK-NEXT:    store ptr [[NODE]], ptr getelementptr inbounds (i8, ptr @__tally_tls, i64 8), align 8
; CHECK-NEXT:    [[SECOND:%[0-9]+]] = getelementptr inbounds i8, ptr [[NODE]], i64 104
; CHECK-NEXT:    store ptr [[SECOND]], ptr @__tally_tls, align 8
; CHECK-NEXT:    invoke void @may_throw()

; Behind the phis.
; CHECK:       end:
; CHECK-NEXT:    %result = phi i32 [ 1, %again ], [ 2, %thrown ]
; CHECK-NEXT:    store ptr [[NODE]], ptr getelementptr inbounds (i8, ptr @__tally_tls, i64 8), align 8
; CHECK:         ret i32 %result
; CHECK:       thrown:
; CHECK-NEXT:    landingpad
; CHECK-NEXT:      catch ptr null
; CHECK-NEXT:    call void @__tally_resume(ptr [[NODE]], ptr [[PAYS]])
define i32 @calls() personality i32 (...)* @__gxx_personality_v0 {
  invoke void @may_throw() to label %again unwind label %thrown
again:
  invoke void @may_throw() to label %end unwind label %thrown
end:
  %result = phi i32 [ 1, %again ], [ 2, %thrown ]
  ret i32 %result
thrown:
  %caught = landingpad { i8*, i32 } catch i8* null
  br label %end
}
