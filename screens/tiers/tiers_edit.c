// Changing cells, tiers and dated thresholds on the Tiers screen; undoing it.
#include "screens/tiers/tiers_state.h"
#include "screens/ui/form.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CELL_BYTES = 120 };

const struct tier_row *tiers_row(const struct tiers *t)
{
	return t->is_open && t->grid.row < t->table.count && t->table.rows[t->grid.row].kind != TIER_HEADING
		       ? &t->table.rows[t->grid.row]
		       : NULL;
}

const struct tier_cell *tiers_cell(const struct tiers *t)
{
	const struct tier_row *row = tiers_row(t);
	return row ? &row->cells[row->is_wide ? 0 : t->grid.column] : NULL;
}

// Whether the path is that of the cell's setting or of something in it.
static bool is_inside(const char *path, const char *cell)
{
	size_t length = strlen(cell);
	return strncmp(path, cell, length) == 0 && (path[length] == '\0' || path[length] == '.');
}

const char *tiers_path_words(const struct tiers *t, const char *path, char *out, size_t size)
{
	snprintf(out, size, "%s", strncmp(path, "programme.", 10) == 0 ? path + 10 : path);
	for (int r = 0; r < t->table.count; r++) {
		const struct tier_row *row = &t->table.rows[r];
		bool is_one = row->is_wide || row->kind == TIER_SWITCH; // of the whole ladder
		int cells = row->kind == TIER_HEADING ? 0 : is_one ? 1 : t->table.tier_count;
		for (int i = 0; i < cells; i++)
			if (is_inside(path, row->cells[i].path)) {
				snprintf(out, size, "%s%s%s", is_one ? "" : t->table.names[i],
					is_one ? "" : ", ", row->label);
				return out;
			}
	}
	return out;
}

// The cell gets the value. False: refused; why tells, and nothing was changed.
static bool cell_set(struct tiers *t, const char *value)
{
	const struct tier_row *row = tiers_row(t);
	const struct tier_cell *cell = tiers_cell(t);
	bool is_good;
	if (row->kind == TIER_WINDOW)
		is_good = programme_edit_window(&t->edit, t->table.ladder, value, t->why);
	else if (row->kind == TIER_DATED)
		is_good = programme_edit_threshold(
			&t->edit, t->table.ladder, t->grid.column, row->from, value, t->why);
	else if (row->kind == TIER_SWITCH)
		is_good = programme_edit_switch(
			&t->edit, cell->path, t->table.tiers[t->grid.column], !cell->is_set, t->why);
	else
		is_good = programme_edit_set(&t->edit, cell->path, value, t->why);
	if (is_good)
		t->why[0] = 0;
	if (is_good)
		tiers_rebuild(t);
	return is_good;
}

bool tiers_typed(struct grid *g, const char *text)
{
	struct tiers *t = g->payload;
	const struct tier_cell *cell = tiers_cell(t);
	char trimmed[CELL_BYTES + 1];
	text += strspn(text, " ");
	snprintf(trimmed, sizeof trimmed, "%s", text);
	for (size_t end = strlen(trimmed); end > 0 && trimmed[end - 1] == ' ';)
		trimmed[--end] = 0;
	t->why[0] = 0;
	if (strcmp(trimmed, cell->is_set ? cell->value : "") == 0)
		return true;
	grid_edit_end(g); // what was typed is in trimmed; the grid is built anew
	if (cell_set(t, trimmed))
		return true;
	grid_edit(g, trimmed, CELL_BYTES);
	return false;
}

static void word_chosen(struct screen *s, int chosen, void *payload)
{
	(void)payload;
	struct tiers *t = s->state;
	const struct tier_row *row = tiers_row(t);
	if (row && row->words)
		cell_set(t, row->words[chosen]);
}

static void choose_word(struct screen *s, const struct tier_row *row, const struct tier_cell *cell)
{
	int count = 0, start = 0;
	for (; row->words[count]; count++)
		if (strcmp(row->words[count], cell->value) == 0)
			start = count;
	dialog_choose(s, row->label, row->words, count, start, word_chosen, NULL);
}

void tiers_edit_cell(struct screen *s)
{
	struct tiers *t = s->state;
	const struct tier_row *row = tiers_row(t);
	const struct tier_cell *cell = tiers_cell(t);
	if (!row)
		return;
	t->why[0] = 0;
	if (row->words)
		choose_word(s, row, cell);
	else if (row->kind == TIER_SWITCH)
		cell_set(t, "");
	else if (!grid_edit(&t->grid, cell->is_set ? cell->value : "", CELL_BYTES))
		screen_say(s, ROLE_BAD, "Out of memory: the cell cannot be edited");
}

// Puts a refusal beside the field that it begins with: "code: ..."; "at" is the threshold.
static void refuse_field(struct form *f, const char *why)
{
	static const char *const fields[][2] = {{"code", "code"}, {"name", "name"},
		{"threshold", "threshold"}, {"at", "threshold"}, {"value", "value"}};
	for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
		size_t length = strlen(fields[i][0]);
		if (strncmp(why, fields[i][0], length) == 0 && (why[length] == ':' || why[length] == ' ')) {
			form_error(f, fields[i][1], why + length + strspn(why + length, ": "));
			return;
		}
	}
	form_error(f, NULL, why);
}

static bool insert_saved(struct screen *s, struct form *f, void *payload)
{
	(void)payload;
	struct tiers *t = s->state;
	char why[EDIT_WHY];
	int before = t->grid.column + 1;
	if (!programme_edit_insert_tier(&t->edit, t->table.ladder, before, form_value(f, "code"),
		    form_value(f, "name"), form_value(f, "threshold"), why)) {
		refuse_field(f, why);
		return false;
	}
	t->grid.column = before;
	tiers_rebuild(t);
	screen_say(
		s, ROLE_GOOD, "Inserted, with all that %s has; u takes it back", t->table.names[before - 1]);
	return true;
}

static const struct form_field insert_fields[] = {
	{.name = "code",
		.label = "Code",
		.max = 32,
		.required = true,
		.help = "For the computer: letters, digits and _"},
	{.name = "name", .label = "Name", .max = 100, .help = "What members call it; empty: the code"},
	{.name = "threshold",
		.label = "Threshold",
		.kind = FIELD_NUMBER,
		.max = 16,
		.required = true,
		.help = "From how much on a member reaches it"},
};
static const struct form_spec insert_form = {.title = "Insert a tier",
	.fields = insert_fields,
	.count = sizeof insert_fields / sizeof *insert_fields,
	.save = "Insert",
	.saved = insert_saved};

// Half way between the thresholds of its neighbours; above the highest, twice that.
static void suggest(const struct tiers *t, char *out, size_t size)
{
	const struct tier_cell *below =
		tier_table_find(&t->table, "tiers.at", t->table.tiers[t->grid.column]);
	int64_t low = below ? strtoll(below->value, NULL, 10) : 0, high = 2 * low;
	if (t->grid.column + 1 < t->table.tier_count)
		high = strtoll(
			tier_table_find(&t->table, "tiers.at", t->table.tiers[t->grid.column + 1])->value,
			NULL, 10);
	snprintf(out, size, "%" PRId64, low + (high - low) / 2 + (high == low));
}

void tiers_insert(struct screen *s)
{
	struct tiers *t = s->state;
	char at[24], notice[160];
	int column = t->grid.column;
	bool is_last = column + 1 >= t->table.tier_count;
	if (t->table.tier_count == 0)
		return;
	suggest(t, at, sizeof at);
	const char *const start[] = {NULL, NULL, at};
	snprintf(notice, sizeof notice, "%s %.50s%s%.50s; it begins with all that %.40s has",
		is_last ? "Above" : "Between", t->table.names[column], is_last ? "" : " and ",
		is_last ? "" : t->table.names[column + 1], t->table.names[column]);
	form_open(s, &insert_form, start, NULL);
	form_notice(s->ui, s->ui->top->serial, notice);
}

static bool benefit_saved(struct screen *s, struct form *f, void *payload)
{
	(void)payload;
	struct tiers *t = s->state;
	char why[EDIT_WHY], key[CELL_BYTES];
	const struct benefit_words benefit = {.code = form_value(f, "code"),
		.name = form_value(f, "name"),
		.kind = form_value(f, "kind"),
		.value = form_value(f, "value")};
	if (!programme_edit_add_benefit(&t->edit, t->table.ladder, t->grid.column, &benefit, why)) {
		refuse_field(f, why);
		return false;
	}
	snprintf(key, sizeof key, "benefit.%s", benefit.code);
	tiers_rebuild(t);
	for (int row = 0; row < t->table.count; row++)
		if (strcmp(t->table.rows[row].key, key) == 0)
			grid_go(&t->grid, row, t->grid.column);
	return true;
}

static const char *const benefit_kinds[] = {
	"service", "access", "credit", "annual_reward", "discount_pct", NULL};
static const struct form_field benefit_fields[] = {
	{.name = "code",
		.label = "Code",
		.max = 32,
		.required = true,
		.help = "For the computer: letters, digits and _"},
	{.name = "name", .label = "Name", .max = 100, .help = "What members call it; empty: the code"},
	{.name = "kind",
		.label = "Kind",
		.kind = FIELD_CHOICE,
		.choices = benefit_kinds,
		.help = "Only discount_pct has an effect on prices; the others are told"},
	{.name = "value",
		.label = "Value",
		.kind = FIELD_NUMBER,
		.max = 16,
		.help = "Per cent of a discount, else money; empty: none"},
};
static const struct form_spec benefit_form = {.title = "A new benefit",
	.fields = benefit_fields,
	.count = sizeof benefit_fields / sizeof *benefit_fields,
	.save = "Add",
	.saved = benefit_saved};

void tiers_benefit(struct screen *s)
{
	struct tiers *t = s->state;
	char notice[160];
	snprintf(notice, sizeof notice, "For %.60s%s", t->table.names[t->grid.column],
		t->grid.column + 1 < t->table.tier_count ? " and every tier above" : "");
	form_open(s, &benefit_form, NULL, NULL);
	form_notice(s->ui, s->ui->top->serial, notice);
}

const char *tiers_benefit_path(const struct tiers *t)
{
	static char path[EDIT_PATH];
	const struct tier_row *row = tiers_row(t);
	if (!row || strncmp(row->key, "benefit.", 8) != 0)
		return NULL;
	snprintf(path, sizeof path, "%s", row->cells[0].path);
	*strrchr(path, '.') = '\0'; // of its tiers or its value
	return path;
}

static void remove_confirmed(struct screen *s, void *payload)
{
	(void)payload;
	struct tiers *t = s->state;
	const char *benefit = tiers_benefit_path(t);
	char why[EDIT_WHY];
	bool is_good = benefit ? programme_edit_remove(&t->edit, benefit, why)
			       : programme_edit_remove_tier(&t->edit, t->table.ladder, t->grid.column, why);
	if (!is_good) {
		screen_say(s, ROLE_BAD, "Not taken out: %s", why);
		return;
	}
	tiers_rebuild(t);
	screen_say(s, ROLE_GOOD, "Taken out; u brings it back");
}

void tiers_remove(struct screen *s)
{
	struct tiers *t = s->state;
	char text[300];
	if (tiers_benefit_path(t))
		snprintf(text, sizeof text, "The benefit %.80s goes, for every tier.", tiers_row(t)->label);
	else
		snprintf(text, sizeof text,
			"%.80s goes from this ladder, and from every rule, reward and benefit that names it. "
			"While members hold it, the version cannot be submitted.",
			t->table.names[t->grid.column]);
	dialog_confirm(s, &(struct question){.title = "Take it out?", .text = text, .yes = "Take out"},
		remove_confirmed, NULL);
}

static bool date_saved(struct screen *s, struct form *f, void *payload)
{
	(void)payload;
	struct tiers *t = s->state;
	snprintf(t->extra_date, sizeof t->extra_date, "%.10s", form_value(f, "day"));
	tiers_rebuild(t);
	for (int row = 0; row < t->table.count; row++)
		if (t->table.rows[row].kind == TIER_DATED &&
			strcmp(t->table.rows[row].from, t->extra_date) == 0)
			grid_go(&t->grid, row, t->grid.column);
	return true;
}

static const struct form_field date_fields[] = {{.name = "day",
	.label = "From",
	.kind = FIELD_DATE,
	.required = true,
	.help = "Windows that begin on this day or later have the new threshold; those that run keep "
		"theirs"}};
static const struct form_spec date_form = {.title = "A row of thresholds with a date of their own",
	.fields = date_fields,
	.count = 1,
	.save = "Add",
	.saved = date_saved};

// Suggests the next first of January, when most windows begin.
void tiers_date(struct screen *s)
{
	char day[DAY_SIZE];
	int year = day_split(desk_facts(s)->business_day).year;
	const char *const start[] = {day_format(day_make(year + 1, 1, 1), day)};
	form_open(s, &date_form, start, NULL);
}

const char *tiers_date_disabled(const struct tiers *t)
{
	const struct tier_cell *window =
		tier_table_find(&t->table, "window.kind", t->table.tier_count ? t->table.tiers[0] : "");
	if (window && strcmp(window->value, "lifetime") != 0 && strcmp(window->value, "rolling") != 0)
		return NULL;
	return "only a year or month has thresholds by date: here a tier held is kept to its end anyway";
}

void tiers_undo(struct screen *s, bool again)
{
	struct tiers *t = s->state;
	char words[EDIT_PATH];
	const char *what = again ? programme_edit_redo(&t->edit) : programme_edit_undo(&t->edit);
	if (!what) {
		screen_say(s, ROLE_WARNING, again ? "Nothing was undone" : "Nothing is left to undo");
		return;
	}
	t->why[0] = 0;
	tiers_rebuild(t);
	screen_say(s, ROLE_TEXT, "%s: %s", again ? "Done again" : "Undone",
		tiers_path_words(t, what, words, sizeof words));
}
