// Which report there is under which code, and whose figures it has.
#include "model/report/builders.h"

#include <stdio.h>
#include <string.h>

report_build *report_builder(const char *code)
{
	static const struct {
		const char *code;
		report_build *build;
	} all[] = {{"programme", report_programme}, {"liability", report_liability}, {"cases", report_cases},
		{"nps", report_nps}};
	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		if (strcmp(all[i].code, code) == 0)
			return all[i].build;
	return NULL;
}

bool report_origin(struct report *report, struct session *session, struct error *error)
{
	char text[400];
	struct result *result = session_ask(
		session, error, "SELECT p.name, loyalty.business_day() FROM loyalty.programme p", 0);
	if (!result)
		return false;
	if (result_rows(result)) {
		snprintf(text, sizeof text, "%.300s, written on %s", result_text(result, 0, 0),
			result_text(result, 0, 1));
		report_origin_set(report, text);
	}
	result_free(result);
	return true;
}
