// RR_CHECK(condition): an invariant of our own. Its failure is a bug, so the program stops, in
// release builds too, with the place and the condition; nothing is unwound.
#pragma once

#include <cstdio>
#include <cstdlib>

#define RR_CHECK(condition)                                                              \
  do {                                                                                   \
    if (!(condition)) {                                                                  \
      std::fprintf(stderr, "%s:%d: check failed: %s\n", __FILE__, __LINE__, #condition); \
      std::abort();                                                                      \
    }                                                                                    \
  } while (false)
