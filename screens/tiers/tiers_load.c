// Reading for the Tiers screen: the list of versions, the one shown, the one it changes; what others change
// meanwhile.
#include "screens/tiers/tiers_state.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void tiers_ask_list(struct screen *s, int tag)
{
	struct ask ask;
	programme_version_list(&ask);
	desk_send(s, &(struct desk_request){.tag = tag,
			     .what = tag == TAG_LIST ? "the versions" : NULL,
			     .asks = {&ask},
			     .is_read = true,
			     .replaces = true});
}

void tiers_load(struct screen *s, int version_no)
{
	struct tiers *t = s->state;
	t->wanted = version_no;
	tiers_ask_list(s, TAG_LIST);
}

// The newest that is not retired.
static int newest(const struct result *list)
{
	struct programme_version version;
	for (int row = 0; row < result_rows(list); row++) {
		programme_version_read(list, row, &version);
		if (version.state != VERSION_RETIRED)
			return version.version_no;
	}
	return 0;
}

static bool is_listed(const struct result *list, int version_no)
{
	struct programme_version version;
	for (int row = 0; row < result_rows(list); row++) {
		programme_version_read(list, row, &version);
		if (version.version_no == version_no)
			return true;
	}
	return false;
}

static void take_list(struct screen *s, const struct answer *answer)
{
	struct tiers *t = s->state;
	struct ask ask;
	if (!desk_good(s, answer, "reading the versions"))
		return;
	result_free(t->list);
	t->list = result_keep(&answer->results[0]);
	t->is_outdated = false;
	if (t->wanted && !is_listed(t->list, t->wanted)) {
		screen_say(s, ROLE_WARNING, "Version %d was dropped; this is the newest", t->wanted);
		t->wanted = 0;
	}
	programme_version_get(&ask, t->wanted ? t->wanted : newest(t->list));
	desk_send(s, &(struct desk_request){.tag = TAG_VERSION,
			     .what = "the version",
			     .asks = {&ask},
			     .is_read = true,
			     .replaces = true});
}

void tiers_version_free(struct tiers_version *version)
{
	result_free(version->result);
	*version = (struct tiers_version){0};
}

static bool version_keep(struct tiers_version *version, const struct answer *answer)
{
	tiers_version_free(version);
	if (result_rows(answer->results[0]) == 0)
		return false;
	version->result = result_keep(&answer->results[0]);
	programme_version_read(version->result, 0, &version->version);
	return true;
}

static void ladders_read(struct tiers *t)
{
	int list = outline_find(&t->edit.outline, "programme.ladders");
	t->tabs.count = 0;
	t->tabs.names = t->ladder_names;
	for (int i = outline_element(&t->edit.outline, list, 0); i >= 0 && t->tabs.count < LADDERS_MAX;
		i = t->edit.outline.places[i].next) {
		char *name = t->ladders[t->tabs.count];
		outline_value(&t->edit.outline, outline_child(&t->edit.outline, i, "code"), name,
			sizeof t->ladders[0]);
		t->ladder_names[t->tabs.count++] = name;
	}
	if (t->tabs.current >= t->tabs.count)
		t->tabs.current = 0;
}

void tiers_rebuild(struct tiers *t)
{
	tier_table_free(&t->table);
	tier_table_free(&t->base_table);
	if (!t->is_open)
		return;
	ladders_read(t);
	tier_table_init(&t->table, &t->edit.outline, t->tabs.current, *t->extra_date ? t->extra_date : NULL);
	int ladder = t->table.code ? tier_table_ladder(&t->base_outline, t->table.code) : -1;
	if (ladder >= 0)
		tier_table_init(&t->base_table, &t->base_outline, ladder, NULL);
	grid_size(&t->grid, t->table.count, t->table.tier_count);
	tiers_words(t);
}

const struct programme_version *tiers_base(const struct tiers *t)
{
	if (t->shown.result && t->shown.version.state == VERSION_APPROVED)
		return &t->shown.version;
	return t->before.result ? &t->before.version : NULL;
}

static void base_read(struct tiers *t)
{
	const struct programme_version *base = tiers_base(t);
	struct document_errors errors;
	document_errors_init(&errors);
	outline_free(&t->base_outline);
	programme_free(t->base_programme);
	t->base_programme = NULL;
	if (base) {
		outline_read(&t->base_outline, base->document, base->length);
		t->base_programme = programme_read("version", base->document, base->length, &errors);
	}
	document_errors_free(&errors);
}

void tiers_ask_before(struct screen *s)
{
	struct tiers *t = s->state;
	struct ask ask;
	programme_version_before(&ask, &t->shown.version);
	desk_send(s, &(struct desk_request){.tag = TAG_BEFORE,
			     .what = "the version before",
			     .asks = {&ask},
			     .is_read = true,
			     .replaces = true});
}

void tiers_edit_close(struct tiers *t)
{
	grid_edit_end(&t->grid);
	if (t->is_read)
		programme_edit_free(&t->edit);
	t->is_read = t->is_open = false;
}

static void take_version(struct screen *s, const struct answer *answer)
{
	struct tiers *t = s->state;
	if (!desk_good(s, answer, "reading the version"))
		return;
	tiers_edit_close(t);
	if (!version_keep(&t->shown, answer)) {
		screen_say(s, ROLE_WARNING, "There is no programme yet: loyalty programme load puts one in");
		return;
	}
	const struct programme_version *version = &t->shown.version;
	t->is_read = programme_edit_init(&t->edit, version->document, version->length);
	if (!t->is_read) {
		screen_say(s, ROLE_BAD, "Version %d cannot be shown: %s", version->version_no,
			t->edit.errors.count ? t->edit.errors.errors[0].text : "it is no document");
		programme_edit_free(&t->edit);
		return;
	}
	t->from = version->state == VERSION_APPROVED ? DAY_NONE : version->effective_from;
	t->extra_date[0] = 0;
	t->why[0] = 0;
	tiers_ask_before(s);
}

static void take_before(struct screen *s, const struct answer *answer)
{
	struct tiers *t = s->state;
	struct programme_version *shown = &t->shown.version;
	if (!desk_good(s, answer, "reading the version before")) {
		t->submits = false;
		return;
	}
	t->is_open = t->is_read;
	version_keep(&t->before, answer);
	base_read(t);
	tiers_rebuild(t);
	if (t->submits && shown->state == VERSION_DRAFT)
		tiers_confirm_submit(s);
}

// Whether a version is no longer what was read, or no more.
static bool has_moved(const struct result *list, const struct tiers_version *known)
{
	struct programme_version version;
	for (int row = 0; known->result && row < result_rows(list); row++) {
		programme_version_read(list, row, &version);
		if (version.version_no == known->version.version_no)
			return version.state != known->version.state ||
			       strcmp(version.sha256, known->version.sha256) != 0;
	}
	return known->result != NULL;
}

// An approval by somebody else, of a version that is not known here.
static bool has_new_approval(const struct tiers *t, const struct result *list)
{
	struct programme_version version, known;
	for (int row = 0; row < result_rows(list); row++) {
		bool was = false;
		programme_version_read(list, row, &version);
		for (int i = 0; t->list && i < result_rows(t->list); i++) {
			programme_version_read(t->list, i, &known);
			was |= known.version_no == version.version_no && known.state == version.state;
		}
		if (version.state == VERSION_APPROVED && !was)
			return true;
	}
	return false;
}

static void take_news(struct screen *s, const struct answer *answer)
{
	struct tiers *t = s->state;
	if (answer->outcome != REQUEST_OK)
		return;
	const struct result *list = answer->results[0];
	bool is_other =
		has_moved(list, &t->shown) || has_moved(list, &t->before) || has_new_approval(t, list);
	if (is_other && !tiers_is_changed(t) && !desk_pending(s, TAG_SAVED)) {
		int shown = t->shown.result ? t->shown.version.version_no : 0;
		tiers_load(s, shown);
		return;
	}
	t->is_outdated = t->is_outdated || is_other;
	result_free(t->list);
	t->list = result_keep(&answer->results[0]);
	tiers_words(t);
}

void tiers_take(struct screen *s, const struct desk_news *news)
{
	static void (*const take[])(struct screen *, const struct answer *) = {
		[TAG_LIST] = take_list,
		[TAG_NEWS] = take_news,
		[TAG_VERSION] = take_version,
		[TAG_BEFORE] = take_before,
		[TAG_COMPARE] = tiers_compare_read,
		[TAG_SAVE] = tiers_saved,
		[TAG_SAVED] = tiers_saved_read,
		[TAG_DECIDE] = tiers_decided,
	};
	take[news->tag](s, news->answer);
}
