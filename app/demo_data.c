// Made-up members and what they did over two years, as CSV for the import: the same on every machine for one seed.
#include "app/demo_data.h"
#include "db/embedded.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { HISTORY_DAYS = 730, NAMES = 128, NAME = 96 };
enum { FOR_PERSON, FOR_EVENTS };

struct name {
	char shown[NAME], plain[NAME]; // plain: as in an e-mail address
};

struct name_list {
	struct name at[NAMES];
	int count;
};

// Shares in per cent; the phone's country code and what mobile numbers begin with.
static const struct origin {
	const char *language, *names, *phone;
	int share;
} ORIGINS[] = {
	{"tr", "tr", "+905", 45},
	{"de", "de", "+4915", 15},
	{"ar", "ar", "+9665", 8},
	{"ja", "ja", "+8190", 8},
	{"fr", "fr", "+336", 6},
	{"fr", "fr-nfd", "+337", 2},
	{"es", "es", "+346", 8},
	{"pl", "pl", "+485", 8},
};
enum { ORIGIN_COUNT = sizeof ORIGINS / sizeof *ORIGINS };

struct demo_names {
	struct name_list given[ORIGIN_COUNT], family[ORIGIN_COUNT], cities[ORIGIN_COUNT];
};

day_t demo_last_day(void)
{
	return day_make(2026, 11, 20);
}

// splitmix64
uint64_t demo_random(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15U;
	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9U;
	z = (z ^ z >> 27) * 0x94d049bb133111ebU;
	return z ^ z >> 31;
}

int demo_below(uint64_t *state, int below)
{
	return (int)(demo_random(state) >> 33) % below;
}

uint64_t demo_state(uint64_t seed, int64_t member, int purpose)
{
	uint64_t state = seed + (uint64_t)member * 0xd1342543de82ef95U + (uint64_t)purpose;
	demo_random(&state);
	return state;
}

// "Özlem=ozlem": _ is a blank.
static void name_read(struct name_list *list, const char *text, size_t length)
{
	const char *equals = memchr(text, '=', length);
	size_t shown = equals ? (size_t)(equals - text) : length;
	struct name *name = &list->at[list->count];
	if (list->count == NAMES || shown >= NAME || length - shown > NAME)
		return;
	for (size_t i = 0; i < shown; i++)
		name->shown[i] = text[i] == '_' ? ' ' : text[i];
	if (equals)
		memcpy(name->plain, equals + 1, length - shown - 1);
	list->count++;
}

static const char *word_next(const char *at, const char *end, size_t *length)
{
	at += strspn(at, " ");
	*length = at < end ? strcspn(at, " \n") : 0;
	return *length ? at : NULL;
}

// A line of names.txt or cities.txt goes to every origin that it is for.
static void line_read(struct demo_names *names, const char *line, const char *end, bool has_kind)
{
	size_t length, kind_length = 0;
	const char *language = word_next(line, end, &length), *kind = NULL;
	const char *at = language ? language + length : end;
	if (has_kind && (kind = word_next(at, end, &kind_length)))
		at = kind + kind_length;
	for (int i = 0; language && i < ORIGIN_COUNT; i++) {
		const char *wanted = has_kind ? ORIGINS[i].names : ORIGINS[i].language, *word = at;
		struct name_list *list = !has_kind ? &names->cities[i] : *kind == 'g' ? &names->given[i] : &names->family[i];
		size_t word_length;
		if (strlen(wanted) != length || strncmp(wanted, language, length) != 0)
			continue;
		while ((word = word_next(word, end, &word_length)) != NULL) {
			name_read(list, word, word_length);
			word += word_length;
		}
	}
}

static bool file_read(struct demo_names *names, const char *path, bool has_kind, struct error *error)
{
	const struct embedded_file *file = embedded_find(path);
	if (!file)
		return error_set(error, ERROR_FAILED, path, "build the program again", "it is not in the program");
	for (const char *line = file->text, *end; *line; line = end + (*end == '\n')) {
		end = line + strcspn(line, "\n");
		if (*line != '#')
			line_read(names, line, end, has_kind);
	}
	return true;
}

static void put(struct demo_data *data, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void put(struct demo_data *data, const char *format, ...)
{
	va_list values;
	if (data->size - data->length < 1024) {
		char *text = realloc(data->text, data->size * 2 + 4096);
		if (!text) {
			data->failed = true;
			return;
		}
		data->text = text;
		data->size = data->size * 2 + 4096;
	}
	va_start(values, format);
	data->length += (size_t)vsnprintf(data->text + data->length, data->size - data->length, format, values);
	va_end(values);
}

static const struct name *pick(const struct name_list *list, uint64_t *random)
{
	static const struct name nobody = {"?", "x"};
	return list->count ? &list->at[demo_below(random, list->count)] : &nobody;
}

static int origin_pick(uint64_t *random)
{
	int left = demo_below(random, 100), i = 0;
	while (i + 1 < ORIGIN_COUNT && left >= ORIGINS[i].share)
		left -= ORIGINS[i++].share;
	return i;
}

// Each index has a place of its own in 0 .. 10^9 - 1, in no visible order.
static int64_t scatter(int64_t index, int64_t factor)
{
	return (int64_t)((uint64_t)index * (uint64_t)factor % 1000000000U);
}

struct person {
	int origin;
	day_t enrolled;
	bool has_delta;
	uint64_t random; // for what comes after
};

static struct person person_make(const struct demo_data *data, int64_t index)
{
	struct person person = {.random = demo_state(data->seed, index, FOR_PERSON)};
	person.origin = origin_pick(&person.random);
	person.enrolled = data->until - 1 - demo_below(&person.random, HISTORY_DAYS - 1);
	person.has_delta = demo_below(&person.random, 100) < 10;
	return person;
}

static void born_put(struct demo_data *data, uint64_t *random)
{
	char text[DAY_SIZE];
	day_t born = day_make(1940, 1, 1) + demo_below(random, 68 * 365);
	if (demo_below(random, 100) < 70)
		put(data, "%s", day_format(born, text));
	put(data, ",");
}

// Some have two given names or two family names.
static void names_put(struct demo_data *data, const struct person *person, uint64_t *random, char *plain, size_t size)
{
	const struct name_list *givens = &data->names->given[person->origin], *families = &data->names->family[person->origin];
	const struct name *given = pick(givens, random), *second = pick(givens, random);
	const struct name *family = pick(families, random), *other = pick(families, random);
	bool has_second = demo_below(random, 100) < 9 && second != given;
	bool has_other = demo_below(random, 100) < 5 && other != family;
	put(data, "%s%s%s,", given->shown, has_second ? " " : "", has_second ? second->shown : "");
	put(data, "%s%s%s,", family->shown, has_other ? "-" : "", has_other ? other->shown : "");
	snprintf(plain, size, "%s.%s", given->plain, family->plain);
}

// What a member said when they enrolled, of every kind, refused and given, some for a time that is over or soon will be.
static void consents_put(struct demo_data *data, const struct person *person, uint64_t *random)
{
	static const struct {
		const char *what;
		int asked, given, with_last_day; // per cent: of all, of those, of those
	} matters[] = {
		{"terms:2026-01", 90, 100, 0},
		{"profiling", 55, 70, 10},
		{"promotions:email", 80, 75, 15},
		{"promotions:sms", 45, 60, 25},
		{"promotions:phone", 10, 30, 0},
		{"promotions:post", 15, 50, 0},
		{"promotions:app", 40, 80, 0},
		{"partner_promotions:email", 30, 40, 20},
		{"partner_promotions:sms", 15, 25, 0},
	};
	bool is_first = true;
	for (size_t i = 0; i < sizeof matters / sizeof matters[0]; i++) {
		char day[DAY_SIZE];
		bool is_asked = demo_below(random, 100) < matters[i].asked, is_given = demo_below(random, 100) < matters[i].given;
		bool has_last_day = demo_below(random, 100) < matters[i].with_last_day;
		day_t until = data->until - 200 + demo_below(random, 600);
		if (!is_asked)
			continue;
		until = until < person->enrolled ? person->enrolled : until;
		put(data, "%s%s%s%s%s", is_first ? "" : "|", is_given ? "" : "-", matters[i].what, is_given && has_last_day ? "@" : "",
			is_given && has_last_day ? day_format(until, day) : "");
		is_first = false;
	}
}

static void member_put(struct demo_data *data, int64_t index)
{
	static const char *const channels[] = {"app", "shop", "web"};
	static const char *const hosts[] = {"example.org", "example.com", "example.net"};
	struct person person = person_make(data, index);
	uint64_t *random = &person.random;
	const struct origin *origin = &ORIGINS[person.origin];
	char plain[2 * NAME + 2], text[DAY_SIZE];
	put(data, "%" PRId64 ",", DEMO_FIRST_NUMBER + index);
	names_put(data, &person, random, plain, sizeof plain);
	born_put(data, random);
	if (demo_below(random, 100) < 80)
		put(data, "%s.%" PRId64 "@%s", plain, index + 1, hosts[demo_below(random, 3)]);
	put(data, ",");
	if (demo_below(random, 100) < 70)
		put(data, "%s%09" PRId64, origin->phone, scatter(index, 618033989));
	put(data, ",6035%012" PRId64, scatter(index, 381966011));
	put(data, ",%s,%s,%s,", day_format(person.enrolled, text), channels[demo_below(random, 3)],
		pick(&data->names->cities[person.origin], random)->shown);
	put(data, "%s,%s,", origin->language, person.has_delta ? "delta_linked" : "");
	consents_put(data, &person, random);
	put(data, "\n");
}

// What one member has done so far.
struct shopper {
	int64_t index;
	const struct person *person;
	uint64_t random;
	int events; // so far; each has a number of its own in its external id
	int64_t stars; // about as many, in whole stars
	struct {
		day_t day; // DAY_NONE: nothing is to be given back
		int event;
		int64_t amount;
	} giving_back;
};

static void event_begin(struct demo_data *data, const struct shopper *shopper, const char *type, day_t day)
{
	char text[DAY_SIZE];
	put(data, "pos,POS-%" PRId64 "-%d,%" PRId64 ",%s,%s,", shopper->index + 1, shopper->events,
		DEMO_FIRST_NUMBER + shopper->index, type, day_format(day, text));
}

static void money_put(struct demo_data *data, int64_t minor)
{
	put(data, "%" PRId64 ".%02d,", minor / 100, (int)(minor % 100));
}

static void flags_put(struct demo_data *data, struct shopper *shopper, day_t day)
{
	const char *between = "";
	if (demo_below(&shopper->random, 100) < 12) {
		put(data, "personal_cup");
		between = "|";
	}
	if (day % 28 == 2) {
		put(data, "%sdouble_star_day", between);
		between = "|";
	}
	if (shopper->person->has_delta && demo_below(&shopper->random, 100) < 15)
		put(data, "%sdelta_travel_day", between);
}

// One to four lines; the till's number, tender, channel and flags are the same on each.
static void purchase_put(struct demo_data *data, struct shopper *shopper, day_t day)
{
	static const struct {
		const char *category;
		int share, least, range;
	} goods[] = {{"drink", 60, 325, 370}, {"food", 25, 295, 655}, {"merchandise", 8, 1200, 3300},
		{"tip", 4, 50, 250}, {"gift_card", 3, 1000, 4000}};
	static const char *const tenders[] = {"app", "card", "cash"}, *const channels[] = {"shop", "app", "drive_through"};
	uint64_t *random = &shopper->random;
	int lines = 1 + (demo_below(random, 100) < 45) + (demo_below(random, 100) < 15) + (demo_below(random, 100) < 4);
	const char *tender = tenders[demo_below(random, 3)], *channel = channels[demo_below(random, 3)];
	int64_t total = 0;
	shopper->events++;
	for (int line = 0; line < lines; line++) {
		int left = demo_below(random, 100), kind = 0;
		while (left >= goods[kind].share)
			left -= goods[kind++].share;
		int amount = goods[kind].least + demo_below(random, goods[kind].range);
		event_begin(data, shopper, "purchase", day);
		money_put(data, amount);
		put(data, "%s,%s,%s,", goods[kind].category, tender, channel);
		if (line == 0)
			flags_put(data, shopper, day);
		put(data, ",,,,\n");
		total += amount;
		shopper->stars += kind < 3 ? amount / 100 : 0;
	}
	if (demo_below(random, 100) < 2 && shopper->giving_back.day == DAY_NONE) {
		shopper->giving_back.day = day + 1 + demo_below(random, 10);
		shopper->giving_back.event = shopper->events;
		shopper->giving_back.amount = demo_below(random, 3) ? total : total / 2 + 1;
	}
}

static void return_put(struct demo_data *data, struct shopper *shopper)
{
	int64_t of = shopper->giving_back.event;
	shopper->events++;
	event_begin(data, shopper, "return", shopper->giving_back.day);
	money_put(data, shopper->giving_back.amount);
	put(data, ",,shop,,,POS-%" PRId64 "-%" PRId64 ",,\n", shopper->index + 1, of);
	shopper->stars -= shopper->giving_back.amount / 100;
	shopper->giving_back.day = DAY_NONE;
}

static void reload_put(struct demo_data *data, struct shopper *shopper, day_t day)
{
	static const int amounts[] = {2500, 3000, 5000, 7500, 10000};
	int64_t amount = amounts[demo_below(&shopper->random, 5)];
	shopper->events++;
	event_begin(data, shopper, "activity", day);
	money_put(data, amount);
	put(data, ",card,app,%s,reload,,,\n", shopper->person->has_delta ? "delta_linked" : "");
	shopper->stars += amount >= 5000 ? 25 : amount >= 3000 ? 10 : 0;
}

// Now and then one asks for more than is there.
static void redemption_put(struct demo_data *data, struct shopper *shopper, day_t day)
{
	static const struct {
		const char *reward;
		int cost;
	} rewards[] = {{"mod25", 25}, {"off60", 60}, {"brew100", 100}, {"drink200", 200}, {"food300", 300}, {"merch400", 400}};
	int choice = 0;
	bool is_bold = demo_below(&shopper->random, 100) < 3;
	while (choice < 5 && shopper->stars >= rewards[choice + 1].cost + 15 && demo_below(&shopper->random, 100) < 75)
		choice++;
	if (shopper->stars < rewards[choice].cost + 15 && !is_bold)
		return;
	shopper->events++;
	event_begin(data, shopper, "redeem", day);
	put(data, ",,,app,,,,%s,1\n", rewards[choice].reward);
	shopper->stars -= is_bold ? 0 : rewards[choice].cost;
}

// Most come now and then, some often, some hardly ever.
static int gap_typical(uint64_t *random)
{
	int left = demo_below(random, 100);
	return left < 30 ? 240 : left < 78 ? 45 : left < 93 ? 15 : left < 99 ? 6 : 2;
}

static void events_put(struct demo_data *data, int64_t index)
{
	struct person person = person_make(data, index);
	struct shopper shopper = {.index = index, .person = &person, .random = demo_state(data->seed, index, FOR_EVENTS)};
	shopper.giving_back.day = DAY_NONE;
	int gap = gap_typical(&shopper.random);
	day_t day = person.enrolled + demo_below(&shopper.random, gap);
	while (day <= data->until) {
		if (shopper.giving_back.day <= day)
			return_put(data, &shopper);
		purchase_put(data, &shopper, day);
		if (demo_below(&shopper.random, 100) < 6)
			reload_put(data, &shopper, day);
		if (demo_below(&shopper.random, 100) < 15)
			redemption_put(data, &shopper, day);
		day += 1 + demo_below(&shopper.random, 2 * gap - 1);
	}
	if (shopper.giving_back.day <= data->until)
		return_put(data, &shopper);
}

bool demo_data_init(struct demo_data *data, int64_t members, uint64_t seed, bool has_events, struct error *error)
{
	*data = (struct demo_data){.members = members, .seed = seed, .has_events = has_events, .until = demo_last_day()};
	data->names = calloc(1, sizeof *data->names);
	if (!data->names)
		return error_set(error, ERROR_FAILED, "out of memory", "", "%s", "");
	put(data, "%s\n",
		has_events ? "source,external_id,member,type,date,amount,category,tender,channel,flags,activity,of,reward,units"
			   : "number,given_name,family_name,born,email,phone,card,enrolled,channel,city,language,flags,consents");
	return file_read(data->names, "db/demo/names.txt", true, error) &&
	       file_read(data->names, "db/demo/cities.txt", false, error);
}

void demo_data_free(struct demo_data *data)
{
	free(data->names);
	free(data->text);
	*data = (struct demo_data){0};
}

bool demo_data_read(void *payload, char *buffer, size_t size, size_t *got, struct error *error)
{
	struct demo_data *data = payload;
	while (data->length - data->given < size && data->next < data->members && !data->failed) {
		if (data->given) {
			memmove(data->text, data->text + data->given, data->length - data->given);
			data->length -= data->given;
			data->given = 0;
		}
		if (data->has_events)
			events_put(data, data->next++);
		else
			member_put(data, data->next++);
	}
	if (data->failed)
		return error_set(error, ERROR_FAILED, "out of memory", "", "%s", "");
	*got = data->length - data->given < size ? data->length - data->given : size;
	memcpy(buffer, data->text + data->given, *got);
	data->given += *got;
	return true;
}
