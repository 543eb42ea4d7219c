// Puts a programme document into the database in one step, for tests and whoever waits anyway.
#include "model/programme/rulebook.h"

#include "model/programme/programme_version.h"

bool rulebook_install(struct session *session, const char *name, const char *text, size_t length,
	const char *effective_from, int *version_no, struct error *error)
{
	struct version_request request;
	const struct version_draft draft = {
		.name = name, .text = text, .length = length, .effective_from = effective_from};
	if (!programme_version_save(&request, &draft, error))
		return false;
	struct result *result = ask_session(session, &request.ask, error);
	version_request_free(&request);
	if (result && version_no)
		*version_no = (int)result_int64(result, 0, 0);
	result_free(result);
	return result != NULL;
}
