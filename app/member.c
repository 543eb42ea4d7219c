// The verbs member and member find.
#include "app/output.h"
#include "app/verb.h"
#include "model/member/member_report.h"

#include <stdio.h>
#include <string.h>

static void section_print(
	const struct member_section *section, enum format format, const struct result *result, bool is_first)
{
	if (format == FORMAT_JSON) {
		printf("%s\"%s\": ", is_first ? "{" : ",\n ", section->name);
		if (!section->is_record)
			output_table(stdout, format, result);
		else if (result_rows(result))
			output_record(stdout, format, result, 0);
		else
			fputs("null", stdout);
	} else if (result_rows(result)) {
		printf("%s", is_first ? "" : "\n");
		if (section->is_record)
			output_record(stdout, format, result, 0);
		else
			output_table(stdout, format, result);
	}
}

static bool sections_print(struct session *session, const struct arguments *arguments, struct error *error)
{
	char member_id[24];
	if (!member_report_find(session, arguments->operands[0], member_id, error))
		return false;
	for (const struct member_section *section = MEMBER_SECTIONS; section->name; section++) {
		struct result *result = member_report_section(session, section, member_id, error);
		if (!result)
			return false;
		if (arguments->format == FORMAT_CSV)
			output_table(stdout, FORMAT_CSV, result);
		else
			section_print(section, arguments->format, result, section == MEMBER_SECTIONS);
		result_free(result);
		if (arguments->format == FORMAT_CSV)
			return true;
	}
	if (arguments->format == FORMAT_JSON)
		puts("}");
	return true;
}

int member_verb(const struct arguments *arguments)
{
	struct error error = {0};
	const char *day = option_value(arguments, "as-of");
	if (day)
		return member_as_of_print(arguments, day);
	struct session *session = verb_session(arguments, &error);
	bool is_good = session && sections_print(session, arguments, &error);
	session_close(session);
	return is_good ? 0 : verb_failed(&error);
}

int member_find_verb(const struct arguments *arguments)
{
	char text[400] = "";
	struct error error = {0};
	for (int i = 0; i < arguments->count; i++)
		snprintf(text + strlen(text), sizeof text - strlen(text), "%s%s", i ? " " : "", arguments->operands[i]);
	struct session *session = verb_session(arguments, &error);
	struct result *list = session ? member_report_search(session, text, &error) : NULL;
	bool is_found = list && result_rows(list) > 0;
	if (list && (is_found || arguments->format != FORMAT_TEXT))
		output_table(stdout, arguments->format, list);
	result_free(list);
	session_close(session);
	if (!list)
		return verb_failed(&error);
	if (!is_found)
		fprintf(stderr, "loyalty: nobody found; try fewer letters, a card, phone or e-mail\n");
	return is_found ? 0 : 1;
}
