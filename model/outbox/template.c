// Reads texts of messages with places, tells what is wrong with them, and fills the places.
#include "model/outbox/template.h"
#include "db/text.h"
#include "model/outbox/language.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const names[PLACE_COUNT] = {
	[PLACE_GIVEN_NAME] = "given_name",
	[PLACE_FAMILY_NAME] = "family_name",
	[PLACE_NUMBER] = "number",
	[PLACE_TIER] = "tier",
	[PLACE_PROGRAMME] = "programme",
	[PLACE_CAMPAIGN] = "campaign",
	[PLACE_POINTS] = "points",
	[PLACE_CURRENCY] = "currency",
	[PLACE_REWARD] = "reward",
	[PLACE_CODE] = "code",
	[PLACE_EXPIRES] = "expires",
	[PLACE_SURVEY] = "survey",
	[PLACE_LINK] = "link",
	[PLACE_CASE] = "case",
};

enum { NAME_MOST = 24, SHOWN_MOST = 40 };

const char *template_place_name(enum template_place place)
{
	return names[place];
}

enum template_place template_place_find(const char *name, size_t length)
{
	for (enum template_place place = 0; place < PLACE_COUNT; place++)
		if (strlen(names[place]) == length && memcmp(names[place], name, length) == 0)
			return place;
	return PLACE_COUNT;
}

const char *template_places_text(unsigned places, char *out, size_t size)
{
	size_t used = 0;
	*out = '\0';
	for (int place = 0; place < PLACE_COUNT && used < size; place++)
		if (places & 1u << place)
			used += (size_t)snprintf(
				out + used, size - used, "%s{%s}", used ? ", " : "", names[place]);
	return out;
}

// A stretch of text, a brace written twice, or a place.
struct piece {
	const char *from, *end; // of the whole piece
	bool is_place, is_brace;
	enum template_place place; // PLACE_COUNT: there is none of that name
	const char *name, *name_end;
	const char *words, *words_end; // to use instead; NULL: none
};

static bool fault_set(
	struct template_fault *fault, const char *text, const char *at, const char *why, const char *todo)
{
	if (!fault)
		return false;
	*fault = (struct template_fault){.line = 1, .column = 1};
	for (const char *c = text; c < at; c++) {
		if (((unsigned char)*c & 0xc0) == 0x80)
			continue;
		fault->at++;
		fault->column = *c == '\n' ? 1 : fault->column + 1;
		fault->line += *c == '\n';
	}
	snprintf(fault->why, sizeof fault->why, "%s", why);
	snprintf(fault->todo, sizeof fault->todo, "%s", todo);
	return false;
}

static bool place_read(const char *text, struct piece *piece, struct template_fault *fault)
{
	const char *name = piece->from + 1, *end = name + strcspn(name, "{}\n"),
		   *bar = memchr(name, '|', (size_t)(end - name));
	if (*end != '}')
		return fault_set(fault, text, piece->from, "this brace is not closed",
			"a place is written {points}; a brace is written twice");
	piece->is_place = true;
	piece->end = end + 1;
	piece->name = name;
	piece->name_end = bar ? bar : end;
	piece->words = bar ? bar + 1 : NULL;
	piece->words_end = end;
	piece->place = template_place_find(name, (size_t)(piece->name_end - name));
	return true;
}

// The piece that begins at `from`, before the end of the text.
static bool piece_read(const char *text, const char *from, struct piece *piece, struct template_fault *fault)
{
	*piece = (struct piece){.from = from, .end = from + strcspn(from, "{}")};
	if (piece->end > from)
		return true;
	piece->is_brace = from[1] == from[0];
	if (piece->is_brace) {
		piece->end = from + 2;
		return true;
	}
	if (*from == '{')
		return place_read(text, piece, fault);
	return fault_set(fault, text, from, "this brace closes nothing", "a brace is written twice: }}");
}

static int smallest(int a, int b, int c)
{
	int least = a < b ? a : b;
	return least < c ? least : c;
}

// How many letters must be put in, taken out or changed.
static int letters_apart(const char *a, size_t a_length, const char *b, size_t b_length)
{
	int row[NAME_MOST + 1];
	for (size_t j = 0; j <= b_length; j++)
		row[j] = (int)j;
	for (size_t i = 1; i <= a_length; i++) {
		int corner = row[0];
		row[0] = (int)i;
		for (size_t j = 1; j <= b_length; j++) {
			int above = row[j];
			row[j] = smallest(above + 1, row[j - 1] + 1, corner + (a[i - 1] != b[j - 1]));
			corner = above;
		}
	}
	return row[b_length];
}

static enum template_place place_meant(const char *name, size_t length, unsigned fits)
{
	enum template_place meant = PLACE_COUNT;
	int least = 3;
	for (enum template_place place = 0; place < PLACE_COUNT; place++) {
		int apart = letters_apart(name, length, names[place], strlen(names[place]));
		if (fits & 1u << place && length <= NAME_MOST && apart < least) {
			least = apart;
			meant = place;
		}
	}
	return meant;
}

static bool place_unknown(
	const char *text, const struct piece *piece, unsigned fits, struct template_fault *fault)
{
	char shown[SHOWN_MOST], why[160], fitting[260], todo[320];
	size_t length = (size_t)(piece->name_end - piece->name);
	enum template_place meant =
		piece->place == PLACE_COUNT ? place_meant(piece->name, length, fits) : PLACE_COUNT;
	char *name = strndup(piece->name, length);
	snprintf(why, sizeof why,
		piece->place == PLACE_COUNT ? "there is no place {%s}" : "{%s} has no value here",
		neutral_text(shown, sizeof shown, name ? name : ""));
	free(name);
	template_places_text(fits, fitting, sizeof fitting);
	if (meant < PLACE_COUNT)
		snprintf(todo, sizeof todo, "is it {%s}? Here fit %s", names[meant], fitting);
	else
		snprintf(todo, sizeof todo, "here fit %s", fitting);
	return fault_set(fault, text, piece->from, why, todo);
}

static bool place_check(const char *text, const struct piece *piece, const struct template_form *form,
	struct template_fault *fault)
{
	char why[160], todo[160];
	if (piece->place == PLACE_COUNT || !(form->fits & 1u << piece->place))
		return place_unknown(text, piece, form->fits, fault);
	if (piece->words || form->sure & 1u << piece->place)
		return true;
	snprintf(why, sizeof why, "not everybody has a value for {%s}", names[piece->place]);
	snprintf(todo, sizeof todo, "say what stands there then: {%s|words}", names[piece->place]);
	return fault_set(fault, text, piece->from, why, todo);
}

static bool characters_check(const char *text, const struct template_form *form, struct template_fault *fault)
{
	uint32_t point;
	int count = 0, length;
	for (const char *at = text; *at; at += length, count++) {
		length = utf8_decode((const unsigned char *)at, &point);
		if (length == 0)
			return fault_set(fault, text, at, "this is not UTF-8", "");
		if (form->is_line && (point == '\n' || point == '\r'))
			return fault_set(fault, text, at, "a subject is one line", "");
		if (point != '\n' && point != '\t' && utf8_is_harmful(point))
			return fault_set(fault, text, at,
				"this character cannot be seen and does not belong in a text", "");
		if (count == form->most)
			return fault_set(fault, text, at, "the text is too long from here on", "");
	}
	return true;
}

bool template_check(const char *text, const struct template_form *form, struct template_fault *fault)
{
	struct piece piece;
	if (!characters_check(text, form, fault))
		return false;
	if (!text[strspn(text, " \t\n")])
		return fault_set(fault, text, text, "there is no text", "");
	for (const char *at = text; *at; at = piece.end)
		if (!piece_read(text, at, &piece, fault) ||
			(piece.is_place && !place_check(text, &piece, form, fault)))
			return false;
	return true;
}

unsigned template_needs(const char *text)
{
	unsigned needs = 0;
	struct piece piece;
	for (const char *at = text; *at && piece_read(text, at, &piece, NULL); at = piece.end)
		if (piece.is_place && piece.place < PLACE_COUNT && !piece.words)
			needs |= 1u << piece.place;
	return needs;
}

static void value_write(FILE *out, enum template_place place, const struct template_values *values)
{
	char written[LANGUAGE_SIZE];
	const char *value = values->of[place], *language = values->language ? values->language : "";
	if (place == PLACE_POINTS)
		value = language_number(language, value, written, sizeof written);
	if (place == PLACE_EXPIRES)
		value = language_day(language, value, written, sizeof written);
	fputs(value, out);
}

static bool place_write(FILE *out, const char *text, const struct piece *piece,
	const struct template_values *values, struct template_fault *fault)
{
	char why[160];
	const char *value = piece->place < PLACE_COUNT ? values->of[piece->place] : NULL;
	if (piece->place == PLACE_COUNT)
		return place_unknown(text, piece, (1u << PLACE_COUNT) - 1, fault);
	if (value && *value) {
		value_write(out, piece->place, values);
		return true;
	}
	if (piece->words) {
		fwrite(piece->words, 1, (size_t)(piece->words_end - piece->words), out);
		return true;
	}
	snprintf(why, sizeof why, "there is no value for {%s}", names[piece->place]);
	return fault_set(fault, text, piece->from, why, "");
}

static bool render(
	FILE *out, const char *text, const struct template_values *values, struct template_fault *fault)
{
	struct piece piece;
	for (const char *at = text; *at; at = piece.end) {
		if (!piece_read(text, at, &piece, fault))
			return false;
		if (piece.is_place && !place_write(out, text, &piece, values, fault))
			return false;
		if (!piece.is_place)
			fwrite(piece.from, 1, piece.is_brace ? 1 : (size_t)(piece.end - piece.from), out);
	}
	return true;
}

char *template_render(const char *text, const struct template_values *values, struct template_fault *fault)
{
	char *rendered = NULL;
	size_t length;
	FILE *out = open_memstream(&rendered, &length);
	bool is_good = out && render(out, text, values, fault);
	bool is_whole = out && fclose(out) == 0;
	if (is_good && is_whole)
		return rendered;
	if (is_good || !out)
		fault_set(fault, text, text, "out of memory", "");
	free(rendered);
	return NULL;
}
