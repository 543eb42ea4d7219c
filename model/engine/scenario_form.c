// The settings of a scenario document: what each type of row has, and what the rows of a case owe to each
// other.
#include "model/engine/scenario_form.h"
#include <string.h>

#define ANY_INTEGER .type = FIELD_INTEGER, .min = -INT64_MAX, .max = INT64_MAX
#define END                                                                                                  \
	{                                                                                                    \
		.key = NULL                                                                                  \
	}
#define ROW                                                                                                  \
	{.key = "type", .type = FIELD_STRING, .required = true},                                             \
		{.key = "date", .type = FIELD_DATE, .required = true}, {.key = "id", .type = FIELD_TAG},     \
	{                                                                                                    \
		.key = "note", .type = FIELD_STRING                                                          \
	}
#define AMOUNT                                                                                               \
	{                                                                                                    \
		.key = "amount", ANY_INTEGER                                                                 \
	}
#define LINES                                                                                                \
	{                                                                                                    \
		.key = "lines", .type = FIELD_LIST, .fields = line_fields                                    \
	}
#define CATEGORY                                                                                             \
	{                                                                                                    \
		.key = "category", .type = FIELD_TAG                                                         \
	}
#define FLAGS                                                                                                \
	{                                                                                                    \
		.key = "flags", .type = FIELD_TAGS                                                           \
	}
#define POINTS                                                                                               \
	{                                                                                                    \
		.key = "currency", .type = FIELD_TAG, .required = true                                      \
	}
// When it happened, if that was before `date`.
#define LATE                                                                                                 \
	{                                                                                                    \
		.key = "activity_date", .type = FIELD_DATE, .since = 2                                       \
	}
#define PLACE                                                                                                \
	{.key = "tender", .type = FIELD_TAG},                                                                \
	{                                                                                                    \
		.key = "channel", .type = FIELD_TAG                                                          \
	}

static const struct field line_fields[] = {
	CATEGORY,
	{.key = "amount", ANY_INTEGER, .required = true},
	END,
};

static const struct field lot_fields[] = {
	{.key = "amount", .type = FIELD_SIGNED_DECIMAL, .required = true},
	{.key = "earned", .type = FIELD_DATE, .required = true},
	{.key = "expires", .type = FIELD_DATE},
	END,
};

static const struct field case_fields[] = {
	{.key = "id", .type = FIELD_TAG, .required = true},
	{.key = "programme", .type = FIELD_CODE, .required = true},
	{.key = "note", .type = FIELD_STRING},
	{.key = "events", .type = FIELD_LIST, .required = true},
	END,
};

const struct field scenario_fields[] = {
	{.key = "format", .type = FIELD_INTEGER, .min = 1, .max = 2},
	{.key = "cases", .type = FIELD_LIST, .required = true, .fields = case_fields},
	END,
};

static const struct field *const row_fields[EVENT_TYPE_COUNT] = {
	[EVENT_ENROL] = (const struct field[]){ROW, {.key = "born", .type = FIELD_DATE},
		{.key = "pool", .type = FIELD_BOOLEAN, .since = 2}, FLAGS, PLACE, END},
	[EVENT_PURCHASE] = (const struct field[]){ROW, LATE, AMOUNT, LINES, CATEGORY, FLAGS, PLACE, END},
	[EVENT_PARTNER] = (const struct field[]){ROW, LATE, AMOUNT, LINES, CATEGORY, FLAGS, PLACE,
		{.key = "partner", .type = FIELD_TAG, .required = true}, END},
	[EVENT_ACTIVITY] = (const struct field[]){ROW, LATE, AMOUNT, FLAGS, PLACE,
		{.key = "activity", .type = FIELD_TAG, .required = true}, {.key = "quantity", ANY_INTEGER},
		END},
	[EVENT_RETURN] = (const struct field[]){ROW, AMOUNT, LINES,
		{.key = "of", .type = FIELD_TAG, .required = true}, END},
	[EVENT_REDEEM] = (const struct field[]){ROW, {.key = "reward", .type = FIELD_TAG, .required = true},
		{.key = "units", ANY_INTEGER}, {.key = "basket", ANY_INTEGER}, END},
	[EVENT_ADJUST] = (const struct field[]){ROW, POINTS,
		{.key = "amount", .type = FIELD_SIGNED_DECIMAL, .required = true},
		{.key = "qualifying", .type = FIELD_BOOLEAN}, END},
	[EVENT_SUBSCRIBE] = (const struct field[]){ROW, FLAGS, PLACE,
		{.key = "plan", .type = FIELD_TAG, .required = true}, END},
	[EVENT_USE_BENEFIT] =
		(const struct field[]){ROW, FLAGS, PLACE, {.key = "plan", .type = FIELD_TAG}, END},
	[EVENT_CANCEL_PLAN] =
		(const struct field[]){ROW, {.key = "plan", .type = FIELD_TAG, .required = true}, END},
	[EVENT_TIER_GRANT] =
		(const struct field[]){ROW, {.key = "ladder", .type = FIELD_TAG, .required = true},
			{.key = "tier", .type = FIELD_TAG, .required = true},
			{.key = "until", .type = FIELD_DATE, .required = true}, {.key = "ends", .type = FIELD_BOOLEAN}, END},
	[EVENT_SESSION_END] = (const struct field[]){ROW, END},
	[EVENT_QUOTE] = (const struct field[]){ROW, AMOUNT, LINES, CATEGORY, FLAGS, END},
	[EVENT_VERIFY] = (const struct field[]){ROW, {.key = "segment", .type = FIELD_TAG, .required = true},
		{.key = "until", .type = FIELD_DATE}, {.key = "evidence", .type = FIELD_STRING}, END},
	[EVENT_UNVERIFY] =
		(const struct field[]){ROW, {.key = "segment", .type = FIELD_TAG, .required = true}, END},
	[EVENT_CANCEL_REWARD] =
		(const struct field[]){ROW, {.key = "reward_no", ANY_INTEGER, .required = true}, END},
	[EVENT_REWARD_GRANT] = (const struct field[]){ROW, {.key = "reward", .type = FIELD_TAG, .required = true},
		{.key = "units", ANY_INTEGER}, END},
	[EVENT_MULTIPLIER_GRANT] = (const struct field[]){ROW, POINTS,
		{.key = "factor", .type = FIELD_SIGNED_DECIMAL, .required = true},
		{.key = "until", .type = FIELD_DATE, .required = true}, END},
	[EVENT_TRANSFER] = (const struct field[]){ROW, POINTS,
		{.key = "amount", .type = FIELD_SIGNED_DECIMAL, .required = true},
		{.key = "receiver", .type = FIELD_TAG}, {.key = "at_most", .type = FIELD_BOOLEAN},
		{.key = "only_of", .type = FIELD_BOOLEAN}, {.key = "of", .type = FIELD_TAG}, END},
	[EVENT_RECEIVE] = (const struct field[]){ROW, POINTS,
		{.key = "lots", .type = FIELD_LIST, .required = true, .fields = lot_fields},
		{.key = "active_on", .type = FIELD_DATE}, {.key = "giver", .type = FIELD_TAG},
		{.key = "of", .type = FIELD_TAG}, END},
	[EVENT_MERGE] = (const struct field[]){ROW, {.key = "into", .type = FIELD_TAG, .required = true}, END},
	[EVENT_UNMERGE] = (const struct field[]){ROW, END},
};

static bool type_is_of_format(enum event_type type, int64_t format)
{
	return format >= 2 || type < EVENT_CANCEL_REWARD;
}

static const struct field check_row_fields[] = {
	{.key = "type", .type = FIELD_STRING, .required = true},
	{.key = "date", .type = FIELD_DATE, .required = true},
	{.key = "note", .type = FIELD_STRING},
	END,
};

static const struct {
	const char *key;
	bool has_object;
	int since; // version of the format; 0: every one has it
} check_keys[] = {
	[CHECK_BALANCE] = {.key = "balance", .has_object = true},
	[CHECK_NEXT_EXPIRY] = {.key = "next_expiry", .has_object = true},
	[CHECK_EXPIRED] = {.key = "expired", .has_object = true},
	[CHECK_TIER] = {.key = "tier", .has_object = true},
	[CHECK_UNTIL] = {.key = "until", .has_object = true},
	[CHECK_METRIC] = {.key = "metric", .has_object = true},
	[CHECK_AWARDED] = {.key = "awarded", .has_object = true},
	[CHECK_ISSUED] = {.key = "issued", .has_object = true},
	[CHECK_VALUE] = {.key = "value", .has_object = true},
	[CHECK_REWARD_EXPIRES] = {.key = "reward_expires", .has_object = true},
	[CHECK_CHARGED] = {.key = "charged", .has_object = true},
	[CHECK_VERIFIED] = {.key = "verified", .has_object = true, .since = 2},
	[CHECK_LAST_CHARGE] = {.key = "last_charge"},
	[CHECK_QUOTE] = {.key = "quote"},
	[CHECK_DENIED] = {.key = "denied"},
};

bool check_key_split(const char *key, enum check_kind *kind, const char **object)
{
	const char *mark = strstr(key, "__");
	size_t length = mark != NULL ? (size_t)(mark - key) : strlen(key);
	for (size_t i = 0; i < sizeof check_keys / sizeof *check_keys; i++) {
		if (strncmp(check_keys[i].key, key, length) != 0 || check_keys[i].key[length] != '\0')
			continue;
		if (check_keys[i].has_object != (mark != NULL))
			continue;
		*kind = (enum check_kind)i;
		*object = mark != NULL ? mark + 2 : NULL;
		return true;
	}
	return false;
}

int check_object_find(enum check_kind kind, const struct programme *programme, const char *object)
{
	switch (kind) {
	case CHECK_BALANCE:
	case CHECK_NEXT_EXPIRY:
	case CHECK_EXPIRED:
		return programme_currency(programme, object);
	case CHECK_TIER:
	case CHECK_UNTIL:
	case CHECK_METRIC:
		return programme_ladder(programme, object);
	case CHECK_AWARDED:
		return programme_earn_rule(programme, object);
	case CHECK_ISSUED:
	case CHECK_VALUE:
	case CHECK_REWARD_EXPIRES:
		return programme_reward(programme, object);
	case CHECK_CHARGED:
		return programme_plan(programme, object);
	case CHECK_VERIFIED:
		return programme_segment(programme, object);
	default:
		return -1;
	}
}

static void check_row_check(struct document *document, const struct node *row)
{
	for (int i = 0; i < row->count; i++) {
		const struct node *node = &row->children[i];
		const struct field *field = form_find(check_row_fields, node->name);
		enum check_kind kind;
		const char *object;
		if (field != NULL)
			form_check_value(document, node, field);
		else if (!check_key_split(node->name, &kind, &object))
			document_fault(document, node, "V1", "is no check of the format");
		else if (check_keys[kind].since > document_format(document))
			document_fault(document, node, "V1",
				"is a check of format %d; the file has to say format = %d",
				check_keys[kind].since, check_keys[kind].since);
		else if (node->type != NODE_STRING)
			document_fault(
				document, node, "V3", "must be a string, not %s", node_type_name(node->type));
	}
	if (node_child(row, "date") == NULL)
		document_lack(document, row, "date", "V2", "is required");
}

static void row_check(struct document *document, const struct node *row)
{
	const struct node *type = node_child(row, "type");
	enum event_type event_type;
	if (type == NULL)
		document_lack(document, row, "type", "V2", "is required");
	else if (type->type != NODE_STRING)
		document_fault(document, type, "V3", "must be a string, not %s", node_type_name(type->type));
	else if (strcmp(type->text, "check") == 0)
		check_row_check(document, row);
	else if (!event_type_find(type->text, &event_type) || row_fields[event_type] == NULL)
		document_fault(document, type, "V4", "is no type of event");
	else if (!type_is_of_format(event_type, document_format(document)))
		document_fault(document, type, "V4", "is a type of format 2; the file has to say format = 2");
	else
		form_check(document, row, row_fields[event_type]);
}

// The table of the file leaves rows open, since their settings depend on their type; here they are looked at.
static void case_rows_check(struct document *document, const struct node *element)
{
	const struct node *events = node_child(element, "events");
	if (events == NULL || events->type != NODE_LIST)
		return;
	for (int i = 0; i < events->count; i++) {
		if (events->children[i].type == NODE_GROUP)
			row_check(document, &events->children[i]);
		else
			document_fault(document, &events->children[i], "V3", "must be a group {...}, not %s",
				node_type_name(events->children[i].type));
	}
}

void scenario_check_rows(struct document *document)
{
	const struct node *cases = node_child(&document->root, "cases");
	if (cases == NULL || cases->type != NODE_LIST)
		return;
	for (int i = 0; i < cases->count; i++)
		case_rows_check(document, &cases->children[i]);
}

static void amount_pair_check(struct document *document, const struct node *row, enum event_type type)
{
	const struct node *amount = node_child(row, "amount"), *lines = node_child(row, "lines");
	if (form_find(row_fields[type], "lines") == NULL)
		return;
	if (amount == NULL && lines == NULL)
		document_lack(document, row, "lines", "V7", "exactly one of amount and lines is needed");
	if (amount != NULL && lines != NULL)
		document_fault(document, lines, "V7", "exactly one of amount and lines may be given");
	if (amount == NULL && node_child(row, "category") != NULL)
		document_fault(document, node_child(row, "category"), "V7", "needs amount");
}

static void flags_check(struct document *document, const struct node *flags)
{
	for (int i = 0; flags != NULL && i < flags->count; i++)
		for (int j = 0; j < i; j++)
			if (strcmp(flags->children[i].text, flags->children[j].text) == 0) {
				document_fault(document, &flags->children[i], "V5", "\"%s\" is listed twice",
					flags->children[i].text);
				break;
			}
}

static void check_objects_check(
	struct document *document, const struct node *row, const struct programme *programme)
{
	for (int i = 0; programme != NULL && i < row->count; i++) {
		const struct node *node = &row->children[i];
		enum check_kind kind;
		const char *object;
		if (form_find(check_row_fields, node->name) != NULL ||
			!check_key_split(node->name, &kind, &object) || object == NULL)
			continue;
		if (check_object_find(kind, programme, object) < 0)
			document_fault(document, node, "V6", "there is no \"%s\" in programme %s", object,
				programme->code);
	}
}

static void case_relations_check(
	struct document *document, const struct node *events, const struct programme *programme)
{
	day_t latest = INT32_MIN;
	for (int i = 0; i < events->count; i++) {
		const struct node *row = &events->children[i], *date = node_child(row, "date");
		day_t day = node_date(date, 0);
		enum event_type type;
		if (event_type_find(node_child(row, "type")->text, &type)) {
			amount_pair_check(document, row, type);
			flags_check(document, node_child(row, "flags"));
		} else {
			check_objects_check(document, row, programme);
			if (day < latest)
				document_fault(document, date, "V8", "a check may not look back");
		}
		if (day > latest)
			latest = day;
	}
}

void scenario_check_relations(struct document *document, programme_finder *find, void *context)
{
	const struct node *cases = node_child(&document->root, "cases");
	for (int i = 0; i < cases->count; i++) {
		const struct node *element = &cases->children[i], *id = node_child(element, "id");
		const struct node *code = node_child(element, "programme");
		for (int j = 0; j < i; j++)
			if (strcmp(node_child(&cases->children[j], "id")->text, id->text) == 0) {
				document_fault(document, id, "V5", "\"%s\" is used twice", id->text);
				break;
			}
		const struct programme *programme = find(context, code->text);
		if (programme == NULL)
			document_fault(document, code, "V6", "there is no programme \"%s\"", code->text);
		case_relations_check(document, node_child(element, "events"), programme);
	}
}
