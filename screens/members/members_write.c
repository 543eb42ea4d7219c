// The members that fit a condition, written into a file beside the screen.
#include "screens/members/members_state.h"

#include "model/report/new_file.h"
#include "model/segment/audience.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// What the thread works on; it reads the condition anew, with names of its own.
struct written {
	char *text;
	char file[SAVE_AS_MOST + 1];
	enum export_format format;
	enum member_order order;
	int64_t lines, total;
	struct background *background;
	struct new_file out;
};

static void written_free(void *work)
{
	struct written *w = work;
	if (!w)
		return;
	new_file_drop(&w->out);
	free(w->text);
	free(w);
}

static bool line_write(void *payload, const char *data, size_t length, struct error *error)
{
	enum { TOLD_EVERY = 10000 };
	struct written *w = payload;
	if (fwrite(data, 1, length, w->out.out) != length)
		return error_set(error, ERROR_FAILED, "the file was not written", "", "the disk takes no more");
	if (++w->lines % TOLD_EVERY == 0)
		background_tell(w->background, w->lines, w->total);
	return true;
}

static bool members_written(
	struct background *background, struct session *session, void *work, struct error *error)
{
	struct written *w = work;
	struct member_condition condition = {.text = NULL};
	struct condition_fault fault;
	struct condition_names *names = condition_names_load(session, error);
	bool is_good = names && (condition_read(&condition, w->text, names, &fault) ||
					error_set(error, ERROR_FAILED, "the condition", "", "%s", fault.why));
	w->background = background;
	is_good = is_good && new_file_open(&w->out, w->file, error) &&
		  audience_export(session, &condition, w->order, w->format, line_write, w, error) &&
		  new_file_keep(&w->out, error);
	w->lines -= is_good && w->format == EXPORT_CSV; // the header
	if (names)
		condition_free(&condition);
	condition_names_free(names);
	return is_good;
}

static void writing_told(struct screen *s, struct beside *beside)
{
	const struct members *m = s->state;
	const struct written *w = beside->work;
	char lines[32], total[32];
	switch (beside->progress.stage) {
	case BACKGROUND_RUNS:
		screen_say(s, ROLE_TEXT, "Writing %s: %s of %s members; Esc stops it", m->save_as.file,
			list_count_text(beside->progress.done, false, lines, sizeof lines),
			list_count_text(beside->progress.total, !m->filter.is_exact, total, sizeof total));
		break;
	case BACKGROUND_DONE:
		screen_say(s, ROLE_GOOD, "Written: %s members into %s",
			list_count_text(w->lines, false, lines, sizeof lines), w->file);
		break;
	case BACKGROUND_CANCELLED:
		screen_say(s, ROLE_WARNING, "Cancelled: there is no file %s", m->save_as.file);
		break;
	case BACKGROUND_FAILED:
		desk_say_error(s, "writing the members", &beside->progress.error);
	}
}

static void file_named(struct screen *s, const char *file)
{
	struct members *m = s->state;
	struct written *w = calloc(1, sizeof *w);
	const char *end = strrchr(file, '.');
	if (w)
		w->text = strdup(m->filter.text);
	if (!w || !w->text) {
		screen_say(s, ROLE_BAD, "Out of memory: nothing was written");
		written_free(w);
		return;
	}
	snprintf(w->file, sizeof w->file, "%s", file);
	w->format = end && (strcmp(end, ".json") == 0 || strcmp(end, ".jsonl") == 0) ? EXPORT_JSON : EXPORT_CSV;
	w->order = m->order;
	w->total = m->filter.members;
	beside_start(s, &m->writing, "writing", members_written, w, written_free, writing_told);
}

const char *members_write_disabled(const struct members *m)
{
	if (members_is_finding(m))
		return "what is found is not written; Esc clears the search";
	if (!members_is_filtered(m))
		return "f says which members first, everybody if all that are active";
	return m->filter.is_good ? NULL : "the condition is not read yet";
}

void members_write(struct screen *s)
{
	struct members *m = s->state;
	if (desk_may_write(s)) // who takes members out is noted
		save_as_ask(s, &m->save_as, "Write to (.csv or .json): ", "members.csv", file_named);
}
