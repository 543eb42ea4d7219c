// How languages write numbers and days, as the Unicode CLDR has it.
#include "model/outbox/language.h"
#include "model/engine/day.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static const struct language {
	const char *name;
	const char *thousands, *point;
	int grouped_from;                       // digits from which on thousands are set apart
	const char *before_month, *before_year; // "1 de octubre de 2026"
	const char *first;                      // the first of a month, where it is no plain number
	const char *months[12];
} languages[] = {
	{"en", ",", ".", 4, " ", " ", "1",
		{"January", "February", "March", "April", "May", "June", "July", "August", "September",
			"October", "November", "December"}},
	{"tr", ".", ",", 4, " ", " ", "1",
		{"Ocak", "Şubat", "Mart", "Nisan", "Mayıs", "Haziran", "Temmuz", "Ağustos", "Eylül", "Ekim",
			"Kasım", "Aralık"}},
	{"de", ".", ",", 4, ". ", " ", "1",
		{"Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September",
			"Oktober", "November", "Dezember"}},
	{"fr", "\u202f", ",", 4, " ", " ", "1er",
		{"janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre",
			"octobre", "novembre", "décembre"}},
	{"es", ".", ",", 5, " de ", " de ", "1",
		{"enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre",
			"octubre", "noviembre", "diciembre"}},
	{"it", ".", ",", 4, " ", " ", "1",
		{"gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno", "luglio", "agosto",
			"settembre", "ottobre", "novembre", "dicembre"}},
	{"nl", ".", ",", 4, " ", " ", "1",
		{"januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september",
			"oktober", "november", "december"}},
	{"pt", ".", ",", 4, " de ", " de ", "1",
		{"janeiro", "fevereiro", "março", "abril", "maio", "junho", "julho", "agosto", "setembro",
			"outubro", "novembro", "dezembro"}},
};

static const struct language *language_find(const char *name)
{
	for (size_t i = 0; i < sizeof languages / sizeof *languages; i++)
		if (strncmp(languages[i].name, name, 2) == 0 &&
			(!name[2] || name[2] == '-' || name[2] == '_'))
			return &languages[i];
	return NULL;
}

static const char *as_it_is(const char *text, char *out, size_t size)
{
	snprintf(out, size, "%s", text);
	return out;
}

const char *language_number(const char *language, const char *decimal, char *out, size_t size)
{
	const struct language *l = language_find(language);
	const char *digits = decimal + (*decimal == '-');
	int whole = (int)strspn(digits, "0123456789"), used;
	const char *rest = digits + whole;
	size_t decimals = *rest == '.' ? strspn(rest + 1, "0123456789") : 0;
	if (!l || whole == 0 || whole > 19 || decimals > 6 || rest[*rest == '.' ? decimals + 1 : 0])
		return as_it_is(decimal, out, size);
	used = snprintf(out, size, "%s", *decimal == '-' ? "-" : "");
	for (int i = 0; i < whole && (size_t)used < size; i++) {
		bool is_apart = i > 0 && (whole - i) % 3 == 0 && whole >= l->grouped_from;
		used += snprintf(
			out + used, size - (size_t)used, "%s%c", is_apart ? l->thousands : "", digits[i]);
	}
	if (decimals > 0 && (size_t)used < size)
		snprintf(out + used, size - (size_t)used, "%s%s", l->point, rest + 1);
	return out;
}

const char *language_day(const char *language, const char *day, char *out, size_t size)
{
	const struct language *l = language_find(language);
	char number[12];
	day_t when;
	if (!l || !day_parse(day, &when))
		return as_it_is(day, out, size);
	struct day_parts parts = day_split(when);
	snprintf(number, sizeof number, "%d", parts.day);
	snprintf(out, size, "%s%s%s%s%d", parts.day == 1 ? l->first : number, l->before_month,
		l->months[parts.month - 1], l->before_year, parts.year);
	return out;
}
