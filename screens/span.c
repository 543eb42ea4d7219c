// Spans of time in the unit that says most.
#include "screens/span.h"
#include <stdio.h>

const char *span_text(int64_t seconds, char out[SPAN_TEXT])
{
	static const struct {
		int64_t below, unit;
		const char *word;
	} units[] = {{120, 1, "s"}, {2 * 3600, 60, "min"}, {48 * 3600, 3600, "h"}, {INT64_MAX, 86400, "d"}};
	int64_t size = seconds < 0 ? -seconds : seconds;
	int i = 0;
	while (size >= units[i].below)
		i++;
	snprintf(out, SPAN_TEXT, "%lld %s", (long long)(size / units[i].unit), units[i].word);
	return out;
}

const char *span_due(int64_t seconds_left, char out[SPAN_TEXT])
{
	char span[SPAN_TEXT];
	snprintf(out, SPAN_TEXT, "%s %s", seconds_left < 0 ? "overdue by" : "due in",
		span_text(seconds_left, span));
	return out;
}
