// Reads scenario documents into cases of rows: events as the engine takes them, and checks.
#include "model/engine/scenario.h"
#include <string.h>
#include "model/engine/scenario_form.h"

static const char *text_copy(struct arena *arena, const struct node *group, const char *key)
{
	const struct node *node = node_child(group, key);
	return node != NULL ? arena_copy(arena, node->text) : NULL;
}

static void lines_build(struct arena *arena, const struct node *lines, struct event *event)
{
	if (lines == NULL)
		return;
	struct event_line *built = arena_alloc(arena, (size_t)lines->count * sizeof *built);
	for (int i = 0; i < lines->count; i++) {
		built[i].category = text_copy(arena, &lines->children[i], "category");
		built[i].amount_minor = node_child(&lines->children[i], "amount")->number;
	}
	event->lines = built;
	event->line_count = lines->count;
}

static void flags_build(struct arena *arena, const struct node *flags, struct event *event)
{
	if (flags == NULL)
		return;
	const char **built = arena_alloc(arena, (size_t)flags->count * sizeof *built);
	for (int i = 0; i < flags->count; i++)
		built[i] = arena_copy(arena, flags->children[i].text);
	event->flags = built;
	event->flag_count = flags->count;
}

static void lots_build(struct arena *arena, const struct node *lots, struct event *event)
{
	if (lots == NULL)
		return;
	struct event_lot *built = arena_alloc(arena, (size_t)lots->count * sizeof *built);
	for (int i = 0; i < lots->count; i++) {
		const struct node *lot = &lots->children[i], *amount = node_child(lot, "amount");
		built[i].decimals = node_decimals_written(amount);
		built[i].amount = node_decimal(amount, built[i].decimals, 0);
		built[i].earned = node_date(node_child(lot, "earned"), 0);
		built[i].expires = node_date(node_child(lot, "expires"), DAY_NONE);
	}
	event->lots = built;
	event->lot_count = lots->count;
}

static void amount_build(const struct node *amount, struct event *event)
{
	if (event->type == EVENT_ADJUST || event->type == EVENT_TRANSFER ||
		event->type == EVENT_MULTIPLIER_GRANT) {
		event->amount_decimals = node_decimals_written(amount);
		event->amount = node_decimal(amount, event->amount_decimals, 0);
	} else {
		event->amount_minor = node_integer(amount, 0);
	}
}

static void event_build(struct arena *arena, const struct node *row, struct event *event)
{
	event->activity_day = node_date(node_child(row, "activity_date"), DAY_NONE);
	bool is_factor = event->type == EVENT_MULTIPLIER_GRANT;
	amount_build(node_child(row, is_factor ? "factor" : "amount"), event);
	lines_build(arena, node_child(row, "lines"), event);
	flags_build(arena, node_child(row, "flags"), event);
	event->born = node_date(node_child(row, "born"), DAY_NONE);
	event->category = text_copy(arena, row, "category");
	event->tender = text_copy(arena, row, "tender");
	event->channel = text_copy(arena, row, "channel");
	event->partner = text_copy(arena, row, "partner");
	event->activity = text_copy(arena, row, "activity");
	event->quantity = node_integer(node_child(row, "quantity"), 1);
	event->reward = text_copy(arena, row, "reward");
	event->units = node_integer(node_child(row, "units"), 1);
	event->basket_minor = node_integer(node_child(row, "basket"), 0);
	event->reward_no = node_integer(node_child(row, "reward_no"), 0);
	event->currency = text_copy(arena, row, "currency");
	lots_build(arena, node_child(row, "lots"), event);
	event->is_pool = node_integer(node_child(row, "pool"), 0) != 0;
	event->at_most = node_integer(node_child(row, "at_most"), 0) != 0;
	event->only_of = node_integer(node_child(row, "only_of"), 0) != 0;
	event->into = event->type == EVENT_MERGE; // a case is one member: which other one does not matter
	event->active_on = node_date(node_child(row, "active_on"), DAY_NONE);
	event->qualifying = node_integer(node_child(row, "qualifying"), 0) != 0;
	event->plan = text_copy(arena, row, "plan");
	event->segment = text_copy(arena, row, "segment");
	event->ladder = text_copy(arena, row, "ladder");
	event->tier = text_copy(arena, row, "tier");
	event->until = node_date(node_child(row, "until"), DAY_NONE);
	event->ends = node_integer(node_child(row, "ends"), 0) != 0;
}

static void checks_build(struct arena *arena, const struct node *group, const struct programme *programme,
	struct scenario_row *row)
{
	struct check *checks = arena_alloc(arena, (size_t)group->count * sizeof *checks);
	for (int i = 0; i < group->count; i++) {
		const struct node *node = &group->children[i];
		struct check *check = &checks[row->check_count];
		const char *object;
		if (!check_key_split(node->name, &check->kind, &object))
			continue; // type, date, note
		check->key = arena_copy(arena, node->name);
		check->object = check_object_find(check->kind, programme, object);
		check->wanted = arena_copy(arena, node->text);
		row->check_count++;
	}
	row->checks = checks;
}

static void row_build(struct arena *arena, const struct node *group, const struct programme *programme,
	int number, struct scenario_row *row)
{
	enum event_type type = EVENT_QUOTE;
	row->line = group->line;
	row->day = node_date(node_child(group, "date"), 0);
	row->id = text_copy(arena, group, "id");
	row->of = text_copy(arena, group, "of");
	row->is_check = !event_type_find(node_child(group, "type")->text, &type);
	event_init(&row->event, type, number, row->day);
	if (row->is_check)
		checks_build(arena, group, programme, row);
	else
		event_build(arena, group, &row->event);
}

static void case_build(struct arena *arena, const struct node *element, const struct programme *programme,
	struct scenario_case *built)
{
	const struct node *events = node_child(element, "events");
	built->id = text_copy(arena, element, "id");
	built->programme = programme;
	built->row_count = events->count;
	built->rows = arena_alloc(arena, (size_t)events->count * sizeof *built->rows);
	for (int i = 0; i < events->count; i++)
		row_build(arena, &events->children[i], programme, i + 1, &built->rows[i]);
}

bool scenario_read(struct scenario *scenario, const char *name, const char *text, size_t length,
	programme_finder *find, void *context, struct document_errors *errors)
{
	struct document document;
	int before = errors->count;
	*scenario = (struct scenario){0};
	if (!document_read(&document, name, text, length, errors))
		return false;
	form_check(&document, &document.root, scenario_fields);
	scenario_check_rows(&document);
	if (errors->count == before)
		scenario_check_relations(&document, find, context);
	if (errors->count == before) {
		const struct node *cases = node_child(&document.root, "cases");
		scenario->case_count = cases->count;
		scenario->cases =
			arena_alloc(&scenario->arena, (size_t)cases->count * sizeof *scenario->cases);
		for (int i = 0; i < cases->count; i++)
			case_build(&scenario->arena, &cases->children[i],
				find(context, node_child(&cases->children[i], "programme")->text),
				&scenario->cases[i]);
	}
	document_free(&document);
	return errors->count == before;
}

void scenario_free(struct scenario *scenario)
{
	arena_free(&scenario->arena);
	*scenario = (struct scenario){0};
}
