// Charts of a report as inline SVG.
#include "model/report/report_svg.h"

#include "model/report/quote.h"
#include <math.h>
#include <string.h>

enum { WIDTH = 720, HEIGHT = 220, LEFT = 64, RIGHT = 12, TOP = 14, BOTTOM = 30, LABELS = 8 };
enum { TREND_WIDTH = 110, TREND_HEIGHT = 22 };

struct scale {
	double least, step;
	int steps;
};

// A step of 1, 2 or 5 times a power of ten, of which about four make the whole.
static struct scale scale_of(double least, double greatest)
{
	if (!(greatest > least))
		greatest = least + 1;
	double rough = (greatest - least) / 4, power = pow(10, floor(log10(rough)));
	double step = power * (rough / power <= 1 ? 1 : rough / power <= 2 ? 2 : rough / power <= 5 ? 5 : 10);
	double from = floor(least / step) * step;
	return (struct scale){
		.least = from, .step = step, .steps = (int)ceil((greatest - from) / step - 1e-9)};
}

static void reach(double value, double *least, double *greatest)
{
	if (isnan(value))
		return;
	*least = fmin(*least, value);
	*greatest = fmax(*greatest, value);
}

// Bars begin at zero; a line has the room that its numbers need.
static struct scale chart_scale(const struct report_chart *chart)
{
	double least = chart->kind == CHART_BARS ? 0 : INFINITY,
	       greatest = chart->kind == CHART_BARS ? 0 : -INFINITY;
	for (int i = 0; i < chart->count; i++) {
		reach(chart->values[i], &least, &greatest);
		reach(chart->low[i], &least, &greatest);
		reach(chart->high[i], &least, &greatest);
	}
	reach(chart->mark, &least, &greatest);
	return isinf(least) ? scale_of(0, 1) : scale_of(least, greatest);
}

static double height_of(const struct scale *scale, double value)
{
	double share = (value - scale->least) / (scale->step * scale->steps);
	return HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM);
}

static double place_of(const struct report_chart *chart, int i)
{
	double room = WIDTH - LEFT - RIGHT;
	return LEFT + room * (i + 0.5) / (chart->count ? chart->count : 1);
}

static void number_text(char *out, size_t size, double value)
{
	double size_of = fabs(value);
	if (size_of >= 1e6)
		snprintf(out, size, "%.4g M", value / 1e6);
	else if (size_of >= 1e4)
		snprintf(out, size, "%.4g k", value / 1e3);
	else
		snprintf(out, size, "%.4g", round(value * 1e6) / 1e6);
}

static void axis_write(FILE *out, const struct report_chart *chart, const struct scale *scale)
{
	char text[32];
	for (int i = 0; i <= scale->steps; i++) {
		double value = scale->least + i * scale->step, y = height_of(scale, value);
		number_text(text, sizeof text, value);
		fprintf(out,
			"<line class=\"grid\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/>"
			"<text class=\"axis\" text-anchor=\"end\" x=\"%d\" y=\"%.1f\">%s%s</text>\n",
			LEFT, WIDTH - RIGHT, y, y, LEFT - 6, y + 4, text, chart->unit);
	}
	int every = (chart->count + LABELS - 1) / LABELS;
	for (int i = 0; i < chart->count; i++)
		if ((chart->count - 1 - i) % (every ? every : 1) == 0) {
			fprintf(out, "<text class=\"axis\" text-anchor=\"middle\" x=\"%.1f\" y=\"%d\">",
				place_of(chart, i), HEIGHT - BOTTOM + 18);
			quote_html(out, chart->labels[i]);
			fputs("</text>\n", out);
		}
}

static void point_title(FILE *out, const struct report_chart *chart, int i)
{
	char text[32];
	number_text(text, sizeof text, chart->values[i]);
	fputs("<title>", out);
	quote_html(out, chart->labels[i]);
	fprintf(out, ": %s%s</title>", text, chart->unit);
}

static void bars_write(FILE *out, const struct report_chart *chart, const struct scale *scale)
{
	double width = (double)(WIDTH - LEFT - RIGHT) / (chart->count ? chart->count : 1) * 0.7;
	for (int i = 0; i < chart->count; i++) {
		if (isnan(chart->values[i]))
			continue;
		double y = height_of(scale, chart->values[i]), zero = height_of(scale, 0);
		fprintf(out, "<rect class=\"bar\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\">",
			place_of(chart, i) - width / 2, fmin(y, zero), width, fabs(zero - y));
		point_title(out, chart, i);
		fputs("</rect>\n", out);
	}
}

// The interval: there along the high ends, back along the low ones.
static void band_write(FILE *out, const struct report_chart *chart, const struct scale *scale)
{
	bool is_begun = false;
	for (int i = 0; i < chart->count; i++)
		if (!isnan(chart->high[i])) {
			fprintf(out, "%s%.1f %.1f", is_begun ? " L" : "<path class=\"band\" d=\"M",
				place_of(chart, i), height_of(scale, chart->high[i]));
			is_begun = true;
		}
	for (int i = chart->count - 1; i >= 0; i--)
		if (!isnan(chart->low[i]))
			fprintf(out, " L%.1f %.1f", place_of(chart, i), height_of(scale, chart->low[i]));
	if (is_begun)
		fputs(" Z\"/>\n", out);
}

static void line_write(FILE *out, const struct report_chart *chart, const struct scale *scale)
{
	bool is_open = false;
	band_write(out, chart, scale);
	fputs("<path class=\"line\" d=\"", out);
	for (int i = 0; i < chart->count; i++) {
		if (!isnan(chart->values[i]))
			fprintf(out, "%s%.1f %.1f", is_open ? " L" : " M", place_of(chart, i),
				height_of(scale, chart->values[i]));
		is_open = !isnan(chart->values[i]);
	}
	fputs("\"/>\n", out);
	for (int i = 0; i < chart->count; i++) {
		if (isnan(chart->values[i]))
			continue;
		fprintf(out, "<circle class=\"dot\" r=\"2.5\" cx=\"%.1f\" cy=\"%.1f\">", place_of(chart, i),
			height_of(scale, chart->values[i]));
		point_title(out, chart, i);
		fputs("</circle>\n", out);
	}
}

// What who does not see the picture hears of it: the first and the last value, the least and the greatest.
static void chart_words(FILE *out, const struct report_chart *chart)
{
	char first_text[32], last_text[32], least_text[32], greatest_text[32];
	int first = -1, last = -1;
	double least = INFINITY, greatest = -INFINITY;
	for (int i = 0; i < chart->count; i++) {
		reach(chart->values[i], &least, &greatest);
		first = first < 0 && !isnan(chart->values[i]) ? i : first;
		last = isnan(chart->values[i]) ? last : i;
	}
	quote_html(out, chart->title);
	if (first < 0)
		return;
	number_text(first_text, sizeof first_text, chart->values[first]);
	number_text(last_text, sizeof last_text, chart->values[last]);
	number_text(least_text, sizeof least_text, least);
	number_text(greatest_text, sizeof greatest_text, greatest);
	fprintf(out, ": %s%s at ", first_text, chart->unit);
	quote_html(out, chart->labels[first]);
	fprintf(out, ", %s%s at ", last_text, chart->unit);
	quote_html(out, chart->labels[last]);
	fprintf(out, ", from %s%s to %s%s", least_text, chart->unit, greatest_text, chart->unit);
}

void svg_chart(FILE *out, const struct report_chart *chart)
{
	struct scale scale = chart_scale(chart);
	fprintf(out, "<figure><figcaption>");
	quote_html(out, chart->title);
	fprintf(out, "</figcaption>\n<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"", WIDTH, HEIGHT);
	chart_words(out, chart);
	fputs("\">\n", out);
	axis_write(out, chart, &scale);
	if (chart->kind == CHART_BARS)
		bars_write(out, chart, &scale);
	else
		line_write(out, chart, &scale);
	if (!isnan(chart->mark))
		fprintf(out, "<line class=\"mark\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/>\n", LEFT,
			WIDTH - RIGHT, height_of(&scale, chart->mark), height_of(&scale, chart->mark));
	fputs("</svg></figure>\n", out);
}

static const char *trend_word(const struct report_cell *cell)
{
	double first = NAN, last = NAN;
	for (int i = 0; i < cell->trend_count; i++) {
		first = isnan(first) ? cell->trend[i] : first;
		last = isnan(cell->trend[i]) ? last : cell->trend[i];
	}
	return last > first ? "it rose" : last < first ? "it fell" : "it stayed level";
}

void svg_trend(FILE *out, const struct report_cell *cell)
{
	double least = INFINITY, greatest = -INFINITY, x = 0, y = 0;
	bool is_open = false;
	for (int i = 0; i < cell->trend_count; i++)
		reach(cell->trend[i], &least, &greatest);
	if (isinf(least))
		return;
	fprintf(out, "<svg class=\"trend\" viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\"><path class=\"line\" d=\"",
		TREND_WIDTH, TREND_HEIGHT, trend_word(cell));
	for (int i = 0; i < cell->trend_count; i++) {
		double value = cell->trend[i],
		       share = greatest > least ? (value - least) / (greatest - least) : 0.5;
		if (!isnan(value)) {
			x = 4 + (double)(TREND_WIDTH - 8) * i /
					(cell->trend_count > 1 ? cell->trend_count - 1 : 1);
			y = TREND_HEIGHT - 4 - share * (TREND_HEIGHT - 8);
			fprintf(out, "%s%.1f %.1f", is_open ? " L" : " M", x, y);
		}
		is_open = !isnan(value);
	}
	fprintf(out, "\"/><circle class=\"dot\" r=\"2.5\" cx=\"%.1f\" cy=\"%.1f\"/></svg>", x, y);
}
