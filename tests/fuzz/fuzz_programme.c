// Any bytes as a document are read or refused, and nothing else. Not built by default:
// clang -std=gnu11 -D_GNU_SOURCE -g -O1 -fsanitize=fuzzer,address,undefined -I. -o build/fuzz_programme
//       tests/fuzz/fuzz_programme.c model/engine/*.c -lconfig && build/fuzz_programme tests/refuse
//       tests/golden/programmes
#include "model/engine/scenario.h"
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
const char *__lsan_default_suppressions(void);

// libconfig 1.5 forgets a string it has just read when it finds a mistake behind it.
const char *__lsan_default_suppressions(void)
{
	return "leak:strbuf_append\n";
}

static const struct programme *programme_none(void *context, const char *code)
{
	(void)context;
	(void)code;
	return NULL;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct document_errors errors;
	struct scenario scenario;
	document_errors_init(&errors);
	struct programme *programme = programme_read("fuzz", (const char *)data, size, &errors);
	if ((programme == NULL) != (errors.count > 0))
		abort();
	programme_free(programme);
	if (scenario_read(&scenario, "fuzz", (const char *)data, size, programme_none, NULL, &errors))
		scenario_free(&scenario);
	document_errors_free(&errors);
	return 0;
}
