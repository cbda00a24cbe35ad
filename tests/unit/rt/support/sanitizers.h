/* sanitizers.h - which run-time checks the tests are compiled with: some tests cannot have them. */
#ifndef SANITIZERS_H
#define SANITIZERS_H

#include <stdbool.h>

#ifndef __has_feature
#define __has_feature(name) 0
#endif

#if defined(__SANITIZE_ADDRESS__) || __has_feature(address_sanitizer)
#define WITH_ADDRESS_SANITIZER true
#else
#define WITH_ADDRESS_SANITIZER false
#endif

#if defined(__SANITIZE_THREAD__) || __has_feature(thread_sanitizer)
#define WITH_THREAD_SANITIZER true
#else
#define WITH_THREAD_SANITIZER false
#endif

#endif
