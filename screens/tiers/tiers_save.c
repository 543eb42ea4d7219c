// From the Tiers screen into the database: saved as a draft, dropped, submitted with its first day, approved or
// refused.
#include "model/programme/programme_sides.h"
#include "model/programme/tier_words.h"
#include "screens/tiers/tiers_state.h"
#include "screens/ui/form.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DROPPING "dropping"

day_t tiers_default_day(const struct screen *s)
{
	return day_add_months(day_month_start(desk_facts(s)->business_day), 1);
}

// Mistakes come first: the cursor goes to the first cell that has one.
static bool has_mistakes(struct screen *s)
{
	struct tiers *t = s->state;
	char words[EDIT_PATH];
	if (t->edit.errors.count == 0)
		return false;
	for (int row = 0; row < t->table.count; row++)
		for (int i = 0; t->table.rows[row].kind != TIER_HEADING &&
				i < (t->table.rows[row].is_wide ? 1 : t->table.tier_count);
			i++)
			if (programme_edit_error(&t->edit, t->table.rows[row].cells[i].path)) {
				grid_go(&t->grid, row, i);
				row = t->table.count - 1;
				break;
			}
	screen_say(s, ROLE_BAD, "Not saved: %s: %s",
		tiers_path_words(t, t->edit.errors.errors[0].path, words, sizeof words),
		t->edit.errors.errors[0].text);
	return true;
}

// A draft of one's own is written anew; everything else becomes a new version.
static bool is_own_draft(const struct screen *s)
{
	const struct tiers *t = s->state;
	return t->shown.version.state == VERSION_DRAFT &&
	       strcmp(t->shown.version.author, desk_facts(s)->login) == 0;
}

static void send_save(struct screen *s)
{
	struct tiers *t = s->state;
	struct error error = {0};
	char day[DAY_SIZE];
	if (t->from == DAY_NONE)
		t->from = tiers_default_day(s);
	const struct version_draft draft = {.version_no = is_own_draft(s) ? t->shown.version.version_no : 0,
		.name = "the document",
		.text = t->edit.outline.text,
		.length = t->edit.outline.length,
		.effective_from = day_format(t->from, day)};
	free(t->sent);
	t->sent = strdup(t->edit.outline.text);
	if (!t->sent || !programme_version_save(&t->request, &draft, &error)) {
		t->submits = false;
		screen_say(s, ROLE_BAD, "Not saved: %s", t->sent ? error.why : "out of memory");
		return;
	}
	if (!desk_send(
		    s, &(struct desk_request){.tag = TAG_SAVE, .what = "saving", .asks = {&t->request.ask}}))
		t->submits = false;
}

void tiers_save(struct screen *s)
{
	struct tiers *t = s->state;
	if (!desk_may_write(s) || has_mistakes(s))
		return;
	if (!tiers_is_changed(t))
		screen_say(
			s, ROLE_TEXT, "Nothing is changed: this is version %d", t->shown.version.version_no);
	else
		send_save(s);
}

void tiers_saved(struct screen *s, const struct answer *answer)
{
	struct tiers *t = s->state;
	struct ask ask;
	version_request_free(&t->request);
	if (!desk_good(s, answer, "saving the version")) {
		t->submits = false;
		return;
	}
	programme_edit_keep(&t->edit, t->sent);
	programme_version_get(&ask, (int)result_int64(answer->results[0], 0, 0));
	desk_send(s, &(struct desk_request){
			     .tag = TAG_SAVED, .what = "the version", .asks = {&ask}, .is_read = true});
}

void tiers_saved_read(struct screen *s, const struct answer *answer)
{
	struct tiers *t = s->state;
	if (!desk_good(s, answer, "reading the version saved") || result_rows(answer->results[0]) == 0) {
		t->submits = false;
		return;
	}
	result_free(t->shown.result);
	t->shown.result = result_keep(&answer->results[0]);
	programme_version_read(t->shown.result, 0, &t->shown.version);
	t->from = t->shown.version.effective_from;
	screen_say(s, ROLE_GOOD, "Saved as version %d, a draft; S submits it", t->shown.version.version_no);
	tiers_ask_before(s);
}

static bool day_saved(struct screen *s, struct form *f, void *payload)
{
	(void)payload;
	struct tiers *t = s->state;
	const struct programme_version *shown = &t->shown.version;
	const char *text = form_value(f, "day");
	char why[EDIT_WHY];
	day_t day;
	if (!day_parse(text, &day) || day <= desk_facts(s)->business_day) {
		form_error(f, "day", "must lie after today");
		return false;
	}
	if (strcmp(text, day_format(shown->effective_from, (char[DAY_SIZE]){0})) != 0 || tiers_is_changed(t))
		programme_edit_set(&t->edit, "programme.effective_from", text, why);
	t->from = day;
	t->submits = true;
	tiers_rebuild(t);
	if (shown->state == VERSION_DRAFT && !tiers_is_changed(t) && shown->effective_from == day)
		tiers_ask_before(s);
	else
		send_save(s);
	return true;
}

static const struct form_field day_fields[] = {{.name = "day",
	.label = "In force from",
	.kind = FIELD_DATE,
	.required = true,
	.help = "The first day of the new rules; what was posted before stays as it is"}};
static const struct form_spec day_form = {.title = "Submit for approval",
	.fields = day_fields,
	.count = 1,
	.save = "Go on",
	.saved = day_saved};

void tiers_submit(struct screen *s)
{
	struct tiers *t = s->state;
	char day[DAY_SIZE];
	if (!desk_may_write(s) || has_mistakes(s))
		return;
	if (!tiers_is_changed(t) && t->shown.version.state != VERSION_DRAFT) {
		screen_say(s, ROLE_WARNING, "Nothing is changed: version %d is %s already",
			t->shown.version.version_no, t->shown.version.state_name);
		return;
	}
	const char *const start[] = {day_format(t->from == DAY_NONE ? tiers_default_day(s) : t->from, day)};
	form_open(s, &day_form, start, NULL);
	form_notice(s->ui, s->ui->top->serial,
		"Next you read what it means for members. Then a manager decides.");
}

static void ladder_write(FILE *out, const struct tiers *t, const struct tier_table *now)
{
	struct tier_table before;
	tier_table_init(&before, &t->base_outline, tier_table_ladder(&t->base_outline, now->code), NULL);
	char *words = tier_words(&(struct tier_change_words){.before = t->base_programme,
		.after = t->edit.programme,
		.table_before = &before,
		.table_after = now,
		.from = t->shown.version.effective_from});
	if (t->tabs.count > 1)
		fprintf(out, "Ladder %s. ", now->code);
	fputs(words ? words : "", out);
	free(words);
	tier_table_free(&before);
}

static void gone_write(FILE *out, const struct tiers *t)
{
	for (int i = 0; i < t->base_programme->ladder_count; i++)
		if (programme_ladder(t->edit.programme, t->base_programme->ladders[i].code) < 0)
			fprintf(out,
				"The ladder %s is no more; it can go only once no member holds a tier of "
				"it.\n",
				t->base_programme->ladders[i].code);
}

// What no ladder tells: whoever decides must not overlook it.
static void rest_write(FILE *out, const struct tiers *t)
{
	struct programme_sides sides;
	int count = 0;
	if (!programme_sides_init(&sides, t->base_outline.text, t->edit.outline.text))
		return;
	for (int i = sides.count - 1; i >= 0 && !sides.lines[i].is_heading; i--)
		count += strcmp(sides.lines[i].label, "effective_from") != 0;
	if (count > 0)
		fprintf(out, "BESIDES, %d %s of the document (c shows all):\n", count,
			count == 1 ? "other setting changes" : "other settings change");
	for (int i = sides.count - 1; i >= 0 && count > 0 && !sides.lines[i].is_heading; i--)
		if (strcmp(sides.lines[i].label, "effective_from") != 0)
			fprintf(out, "%s: %s instead of %s\n", sides.lines[i].label,
				*sides.lines[i].right ? sides.lines[i].right : "nothing",
				*sides.lines[i].left ? sides.lines[i].left : "nothing");
	programme_sides_free(&sides);
}

// The sentences of all ladders and what else changes; the caller's to free.
static char *all_words(const struct tiers *t)
{
	char *text = NULL;
	size_t length;
	struct tier_table now;
	FILE *out = t->base_programme && t->edit.programme ? open_memstream(&text, &length) : NULL;
	if (!out)
		return NULL;
	for (int i = 0; tier_table_init(&now, &t->edit.outline, i, NULL); i++) {
		ladder_write(out, t, &now);
		tier_table_free(&now);
	}
	gone_write(out, t);
	rest_write(out, t);
	fclose(out);
	return text;
}

static void ask_with_words(struct screen *s, const char *verb, dialog_yes *yes)
{
	struct tiers *t = s->state;
	char title[80], *words = all_words(t);
	snprintf(t->asked, sizeof t->asked, "%s", t->shown.version.sha256);
	snprintf(title, sizeof title, "%s version %d?", verb, t->shown.version.version_no);
	dialog_confirm(s,
		&(struct question){.title = title,
			.text = words && *words ? words : "It is the first version.",
			.yes = verb},
		yes, NULL);
	free(words);
}

static void send_decision(struct screen *s, const struct ask *ask, const char *doing)
{
	struct tiers *t = s->state;
	snprintf(t->doing, sizeof t->doing, "%s version %d", doing, t->shown.version.version_no);
	desk_send(s,
		&(struct desk_request){.tag = TAG_DECIDE, .what = t->doing, .asks = {ask}, .is_once = true});
}

static void move_version(struct screen *s, const char *doing,
	bool move(struct version_request *, const struct programme_version *, struct error *))
{
	struct tiers *t = s->state;
	struct error error = {0};
	if (strcmp(t->asked, t->shown.version.sha256) != 0) {
		screen_say(s, ROLE_WARNING, "Somebody changed the document while you read: look at it again");
		return;
	}
	if (move(&t->request, &t->shown.version, &error))
		send_decision(s, &t->request.ask, doing);
	else
		desk_say_error(s, doing, &error);
}

static void submit_confirmed(struct screen *s, void *payload)
{
	(void)payload;
	move_version(s, "submitting", programme_version_submit);
}

void tiers_confirm_submit(struct screen *s)
{
	((struct tiers *)s->state)->submits = false;
	ask_with_words(s, "Submit", submit_confirmed);
}

static void approve_confirmed(struct screen *s, void *payload)
{
	(void)payload;
	move_version(s, "approving", programme_version_approve);
}

static bool refusal_saved(struct screen *s, struct form *f, void *payload)
{
	(void)payload;
	struct tiers *t = s->state;
	struct ask ask;
	programme_version_refuse(&ask, &t->shown.version, form_value(f, "reason"));
	t->form = form_wait(f);
	send_decision(s, &ask, "refusing");
	return false;
}

static const struct form_field reason_fields[] = {{.name = "reason",
	.label = "Reason",
	.max = 500,
	.required = true,
	.help = "Its author reads it; the version is a draft again"}};
static const struct form_spec refuse_form = {.title = "Refuse the version",
	.fields = reason_fields,
	.count = 1,
	.save = "Refuse",
	.saved = refusal_saved};

void tiers_decide(struct screen *s, bool is_approved)
{
	if (!desk_may_write(s))
		return;
	if (is_approved)
		ask_with_words(s, "Approve", approve_confirmed);
	else
		form_open(s, &refuse_form, NULL, NULL);
}

// Its author may, and marketing; whose it is, is told before the question.
const char *tiers_drop_disabled(const struct screen *s)
{
	const struct tiers *t = s->state;
	if (t->shown.version.state != VERSION_DRAFT)
		return "only a draft can be dropped; v shows another version";
	if (tiers_is_changed(t))
		return "undo your own changes first";
	return is_own_draft(s) || desk_facts(s)->role == STAFF_MARKETING ? NULL
									 : "its author or marketing drops it";
}

static void drop_confirmed(struct screen *s, void *payload)
{
	(void)payload;
	const struct tiers *t = s->state;
	struct ask ask;
	if (tiers_drop_disabled(s) || strcmp(t->asked, t->shown.version.sha256) != 0) {
		screen_say(s, ROLE_WARNING, "Somebody changed the draft while you read: look at it again");
		return;
	}
	programme_version_drop(&ask, &t->shown.version);
	send_decision(s, &ask, DROPPING);
}

void tiers_drop(struct screen *s)
{
	struct tiers *t = s->state;
	const struct programme_version *version = &t->shown.version;
	char title[40], text[200];
	if (!desk_may_write(s))
		return;
	snprintf(t->asked, sizeof t->asked, "%s", version->sha256);
	snprintf(title, sizeof title, "Drop version %d?", version->version_no);
	snprintf(text, sizeof text, "The draft of %s, written %s, is gone for good.",
		is_own_draft(s) ? "yours" : version->author, version->written_at);
	dialog_confirm(s, &(struct question){.title = title, .text = text, .yes = "Drop it"}, drop_confirmed, NULL);
}

void tiers_decided(struct screen *s, const struct answer *answer)
{
	struct tiers *t = s->state;
	bool is_good = answer->outcome == REQUEST_OK;
	version_request_free(&t->request);
	if (t->form && is_good)
		form_saved(s->ui, t->form);
	else if (t->form)
		form_refused(s->ui, t->form, NULL, desk_reason(answer->error));
	t->form = 0;
	if (!is_good) {
		desk_good(s, answer, t->doing);
		return;
	}
	screen_say(s, ROLE_GOOD, "Done: %s%s", t->doing,
		strncmp(t->doing, "submitting", 10) == 0 ? "; a manager decides on it here" : "");
	if (strncmp(t->doing, DROPPING, strlen(DROPPING)) == 0) {
		tiers_edit_close(t);
		tiers_version_free(&t->shown);
	}
	tiers_load(s, t->shown.result ? t->shown.version.version_no : 0);
}
