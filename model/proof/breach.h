// Something that is not as it must be: what verify and replay report.
#ifndef MODEL_BREACH_H
#define MODEL_BREACH_H
#include <stdint.h>

struct breach {
	int64_t member_id;     // 0: of no single member
	const char *invariant; // what must hold
	const char *detail;    // how it does not
};

typedef void breach_listener(void *payload, const struct breach *breach);
#endif
