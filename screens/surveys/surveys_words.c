// What answers are about and what is said in them: tags put on and taken off, phrases common among those shown.
#include "screens/surveys/surveys_state.h"
#include "screens/ui/dialog.h"
#include "screens/ui/prompt.h"
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { PHRASES_SHOWN = 40, PHRASES_BYTES = 24000 };

void words_load_tags(struct screen *s)
{
	const struct survey *survey = survey_chosen(s->state);
	struct ask ask;
	response_tags(&ask, survey->id);
	desk_send(s, &(struct desk_request){.tag = TAG_TAGS, .asks = {&ask}, .is_read = true, .replaces = true});
}

void words_take_tags(struct screen *s, const struct answer *answer)
{
	struct surveys *v = s->state;
	if (!desk_good(s, answer, "reading the tags"))
		return;
	const struct result *result = answer->results[0];
	v->tag_count = result_rows(result) < TAGS_MOST ? result_rows(result) : TAGS_MOST;
	for (int i = 0; i < v->tag_count; i++)
		snprintf(v->tags[i], sizeof v->tags[i], "%s", result_text(result, i, 0));
}

// Whether it stands in "queue, till-4".
static bool has_tag(const char *tags, const char *tag)
{
	size_t length = strlen(tag);
	for (const char *at = tags; *at; at += strcspn(at, ","), at += strspn(at, ", "))
		if (strcspn(at, ",") == length && strncasecmp(at, tag, length) == 0)
			return true;
	return false;
}

static void tag_typed(struct screen *s, const char *text, void *payload)
{
	(void)payload;
	struct surveys *v = s->state;
	const struct row *row = list_selected(&v->answers);
	struct ask ask;
	int64_t member_id;
	int window_no;
	if (!*text || !row || !response_key_read(row->key, &member_id, &window_no))
		return;
	response_tag(&ask, v->filter.survey_id, member_id, window_no, text, !has_tag(row->cells[CELL_TAGS], text));
	desk_send(s, &(struct desk_request){.tag = TAG_TAGGED, .what = "the tag", .asks = {&ask}});
}

static const char *tag_complete(struct screen *s, const char *text, int number, void *payload)
{
	(void)payload;
	const struct surveys *v = s->state;
	for (int i = 0; i < v->tag_count; i++)
		if (strncmp(v->tags[i], text, strlen(text)) == 0 && number-- == 0)
			return v->tags[i];
	return NULL;
}

void words_tag(struct screen *s)
{
	static const struct prompt_spec spec = {
		.label = "Tag, or one it has, to take it off: ", .max = TAG_MAX - 1, .history = "tag", .done = tag_typed, .complete = tag_complete};
	if (desk_may_write(s))
		prompt_open(s, &spec, NULL);
}

void words_take_tagged(struct screen *s, const struct answer *answer)
{
	struct surveys *v = s->state;
	if (!desk_good(s, answer, "tagging the answer"))
		return;
	const char *tags = result_text(answer->results[0], 0, 0);
	screen_say(s, ROLE_GOOD, "Tags: %s", *tags ? tags : "none");
	words_load_tags(s);
	list_refresh(&v->answers);
}

void words_phrases(struct screen *s)
{
	const struct surveys *v = s->state;
	struct ask ask;
	response_phrases(&ask, &v->filter, PHRASES_SHOWN);
	desk_send(s, &(struct desk_request){.tag = TAG_PHRASES, .what = "phrases", .asks = {&ask}, .is_read = true, .replaces = true});
}

void words_take_phrases(struct screen *s, const struct answer *answer)
{
	static char text[PHRASES_BYTES]; // copied by the dialog
	if (!desk_good(s, answer, "looking for phrases"))
		return;
	const struct result *result = answer->results[0];
	size_t used = (size_t)snprintf(text, sizeof text, "%s",
		result_rows(result) ? "Answers that say it, per cent of those with words (of other scores):\n"
				    : "No phrase stands in two of these answers.");
	for (int row = 0; row < result_rows(result) && used < sizeof text; row++)
		used += (size_t)snprintf(text + used, sizeof text - used, "%6" PRId64 "  %5s %% (%s %%)  %.500s\n", result_int64(result, row, 1),
			result_text(result, row, 2), result_text(result, row, 3), result_text(result, row, 0));
	if (s->ui->top == s)
		dialog_show(s, "Said by these, rarely by others", text);
}
