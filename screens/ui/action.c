// The table of actions and the keys bound to them at present.
#include "screens/ui/action.h"

#include "screens/ui/keys.h"

#include <stdio.h>
#include <string.h>

enum { OWN_MAX = 200 };

struct keyset {
	uint32_t keys[ACTION_KEYS_MAX];
	int count;
};

// clang-format off
static const struct action_info toolkit[] = {
	[ACTION_NONE] = { NULL, NULL, NULL, NULL, NULL, 0 },
#define UI_ACTION(symbol, name, keys, label, group, flags, help) \
	[ACTION_##symbol] = { name, keys, label, group, help, flags },
	UI_ACTIONS(UI_ACTION)
#undef UI_ACTION
};
// clang-format on
enum { TOOLKIT_COUNT = sizeof toolkit / sizeof toolkit[0] };

static const struct action_info *own_table;
static int own_count;
static struct keyset bound[ACTION_OWN + OWN_MAX];

void actions_add(const struct action_info *table, int count)
{
	own_table = table;
	own_count = count < OWN_MAX ? count : OWN_MAX;
}

const struct action_info *action_info(int action)
{
	if (action > ACTION_NONE && action < TOOLKIT_COUNT)
		return &toolkit[action];
	if (action >= ACTION_OWN && action < ACTION_OWN + own_count)
		return &own_table[action - ACTION_OWN];
	return NULL;
}

bool action_allowed(int action, unsigned rights)
{
	const struct action_info *info = action_info(action);
	unsigned wanted = info ? info->flags / ACTION_FOR(1) : 0;

	return !wanted || wanted & rights;
}

int action_next(int action)
{
	action++;
	if (action >= TOOLKIT_COUNT && action < ACTION_OWN)
		action = ACTION_OWN;
	return action_info(action) ? action : ACTION_NONE;
}

int action_by_name(const char *name)
{
	for (int action = action_next(ACTION_NONE); action; action = action_next(action))
		if (!strcmp(action_info(action)->name, name))
			return action;
	return ACTION_NONE;
}

static bool parse_keys(const char *text, struct keyset *set, char *why, size_t size)
{
	*set = (struct keyset){0};
	while (text && *(text += strspn(text, " "))) {
		size_t bytes = strcspn(text, " ");
		if (set->count == ACTION_KEYS_MAX) {
			snprintf(why, size, "more than %d keys", ACTION_KEYS_MAX);
			return false;
		}
		if (!key_parse(text, bytes, &set->keys[set->count++])) {
			snprintf(why, size, "no key is called \"%.*s\"", (int)bytes, text);
			return false;
		}
		text += bytes;
	}
	return true;
}

bool actions_init(char *why, size_t size)
{
	for (int action = action_next(ACTION_NONE); action; action = action_next(action))
		if (!parse_keys(action_info(action)->keys, &bound[action], why, size))
			return false;
	return true;
}

bool actions_set_keys(const struct key_setting *setting, char *why, size_t size)
{
	struct keyset set;
	int action = action_by_name(setting->action);

	if (!action) {
		snprintf(why, size, "no action is called \"%s\"", setting->action);
		return false;
	}
	if (!parse_keys(setting->keys, &set, why, size))
		return false;
	bound[action] = set;
	return true;
}

bool action_has_key(int action, uint32_t key)
{
	for (int i = 0; i < bound[action].count; i++)
		if (bound[action].keys[i] == key)
			return true;
	return false;
}

int action_keys(int action, uint32_t keys[ACTION_KEYS_MAX])
{
	memcpy(keys, bound[action].keys, sizeof bound[action].keys);
	return bound[action].count;
}

const char *action_key_text(int action, char *out, size_t size)
{
	size_t length = 0;

	out[0] = 0;
	for (int i = 0; i < bound[action].count && length < size; i++) {
		char name[KEY_NAME_MAX];
		int more = snprintf(out + length, size - length, "%s%s", i ? ", " : "",
			key_label(bound[action].keys[i], name));
		length += (size_t)more;
	}
	return out;
}

const char *action_key_short(int action, char *out)
{
	out[0] = 0;
	return bound[action].count ? key_label(bound[action].keys[0], out) : out;
}

int action_lookup(const int *own, uint32_t key)
{
	for (; own && *own; own++)
		if (action_has_key(*own, key))
			return *own;
	for (int action = 1; action < TOOLKIT_COUNT; action++)
		if (action_has_key(action, key))
			return action;
	return ACTION_NONE;
}

// The action among those of the screen before `until` that has the key, in lookup's order.
static int earlier(const int *own, int until, uint32_t key)
{
	for (; own && *own && *own != until; own++)
		if (action_has_key(*own, key))
			return *own;
	for (int action = 1; action < TOOLKIT_COUNT && (!own || !*own) && action != until; action++)
		if (action_has_key(action, key))
			return action;
	return ACTION_NONE;
}

static bool conflicts(const int *own, int action, int *first, uint32_t *key)
{
	for (int i = 0; i < bound[action].count; i++) {
		*key = bound[action].keys[i];
		*first = earlier(own, action, *key);
		bool wanted = *first >= ACTION_OWN && action < ACTION_OWN &&
			      action_info(*first)->flags & ACTION_OVERRIDES;
		if (*first && *first != action && !wanted)
			return true;
	}
	return false;
}

bool actions_conflict(const int *own, int *first, int *second, uint32_t *key)
{
	for (const int *action = own; action && *action; action++) {
		*second = *action;
		if (conflicts(own, *second, first, key))
			return true;
	}
	for (int action = 1; action < TOOLKIT_COUNT; action++) {
		*second = action;
		if (conflicts(own, action, first, key))
			return true;
	}
	return false;
}
