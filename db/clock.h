// The clock that waits and durations are reckoned by.
#ifndef DB_CLOCK_H
#define DB_CLOCK_H
#include <stdint.h>

// Milliseconds since some moment; nobody can set it back.
int64_t clock_ms(void);
#endif
