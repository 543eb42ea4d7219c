// Spans of time as people say them: "45 s", "12 min", "3 h", "2 d".
#ifndef SCREENS_SPAN_H
#define SCREENS_SPAN_H
#include <stdint.h>

enum { SPAN_TEXT = 32 };
// The size of the span; its sign does not show. Returns out.
const char *span_text(int64_t seconds, char out[SPAN_TEXT]);
// "due in 3 h", "overdue by 2 d". Returns out.
const char *span_due(int64_t seconds_left, char out[SPAN_TEXT]);
#endif
