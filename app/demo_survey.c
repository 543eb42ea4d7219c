// What the demo's members answer to its surveys: better over time but for the months after the tiers were changed, better in
// higher tiers, worse in some cities.
#include "app/demo_survey.h"
#include "app/demo_data.h"
#include "db/embedded.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FOR_ANSWER = 100, FOR_CARE = 200, CHANGE_FIRST = 16, CHANGE_LAST = 18 };

// Per cent of promoters and detractors among whom the member is one.
static void shares_find(const struct result *invited, int row, int *promoters, int *detractors)
{
	int wave = (int)result_int64(invited, row, 1), rank = (int)result_int64(invited, row, 3);
	const char *city = result_text(invited, row, 4);
	bool is_hit = wave >= CHANGE_FIRST && wave <= CHANGE_LAST;
	bool is_poor = strcmp(city, "Berlin") == 0 || strcmp(city, "Ankara") == 0;
	*promoters = 42 + wave / 2 + 5 * rank - (is_hit ? 12 : 0) - (is_poor ? 8 : 0);
	*detractors = 27 - wave / 3 - 3 * rank + (is_hit ? 12 : 0) + (is_poor ? 8 : 0);
}

static int score_pick(uint64_t *random, int promoters, int detractors)
{
	int one = demo_below(random, 7), two = demo_below(random, 7), left = demo_below(random, 100);
	if (left < promoters)
		return demo_below(random, 5) < 3 ? 10 : 9;
	if (left < 100 - detractors)
		return 7 + demo_below(random, 2);
	return one > two ? one : two;
}

// The number-th line of that class in comments.txt; "" when there is none.
static void comment_put(FILE *out, uint64_t *random, char class)
{
	const struct embedded_file *file = embedded_find("db/demo/comments.txt");
	const char *lines[32];
	int count = 0;
	for (const char *at = file ? file->text : ""; *at; at += strcspn(at, "\n"), at += *at == '\n')
		if (at[0] == class && at[1] == '|' && count < 32)
			lines[count++] = at + 2;
	const char *line = count ? lines[demo_below(random, count)] : "\n";
	fprintf(out, "\"%.*s\"", (int)strcspn(line, "\n"), line);
}

static void answer_put(FILE *out, uint64_t *random, int score, const char *channel, day_t day)
{
	char text[DAY_SIZE];
	char class = score >= 9 ? 'p' : score >= 7 ? 'n' : 'd';
	int wordy = class == 'd' ? 55 : class == 'p' ? 30 : 22;
	fprintf(out, "%d,", score);
	if (demo_below(random, 100) < wordy)
		comment_put(out, random, class);
	fprintf(out, ",%s,%s %02d:%02d\n", channel, day_format(day, text), 8 + demo_below(random, 13), demo_below(random, 60));
}

// Two in five reply, within two weeks.
static void invited_put(FILE *out, const struct result *invited, int row, uint64_t seed)
{
	static const char *const channels[] = {"email", "email", "app", "web"};
	int64_t number = result_int64(invited, row, 0), wave = result_int64(invited, row, 1);
	uint64_t random = demo_state(seed, number - DEMO_FIRST_NUMBER, FOR_ANSWER + (int)wave);
	int promoters, detractors;
	if (demo_below(&random, 100) >= 38)
		return;
	shares_find(invited, row, &promoters, &detractors);
	int score = score_pick(&random, promoters, detractors);
	day_t day = (day_t)result_int64(invited, row, 2) + 1 + demo_below(&random, 4) * demo_below(&random, 4);
	fprintf(out, "demo-%" PRId64 "-%" PRId64 ",,,", number, wave);
	answer_put(out, &random, score, channels[demo_below(&random, 4)], day);
}

// Whom support has helped: one in three of those invited, at a moment of their own.
static void helped_put(FILE *out, const struct result *invited, int row, uint64_t seed)
{
	static const char *const channels[] = {"phone", "sms", "email"};
	int64_t number = result_int64(invited, row, 0);
	uint64_t random = demo_state(seed, number - DEMO_FIRST_NUMBER, FOR_CARE + (int)result_int64(invited, row, 1));
	if (demo_below(&random, 100) >= 33)
		return;
	int left = demo_below(&random, 100), score = left < 46 ? 5 : left < 76 ? 4 : left < 88 ? 3 : left < 95 ? 2 : 1;
	day_t day = (day_t)result_int64(invited, row, 2) + demo_below(&random, 14);
	char text[DAY_SIZE];
	fprintf(out, ",care,%" PRId64 ",%d,,%s,%s %02d:%02d\n", number, score, channels[demo_below(&random, 3)], day_format(day, text),
		9 + demo_below(&random, 8), demo_below(&random, 60));
}

char *demo_survey_answers(const struct result *invited, uint64_t seed, size_t *length, struct error *error)
{
	char *text = NULL;
	FILE *out = open_memstream(&text, length);
	if (!out) {
		error_set(error, ERROR_FAILED, "out of memory", "", "%s", "");
		return NULL;
	}
	fputs("token,survey,member,score,comment,channel,answered_at\n", out);
	for (int row = 0; row < result_rows(invited); row++) {
		invited_put(out, invited, row, seed);
		helped_put(out, invited, row, seed);
	}
	if (fclose(out) == 0)
		return text;
	free(text);
	error_set(error, ERROR_FAILED, "out of memory", "", "%s", "");
	return NULL;
}
