// One run: its saddles, the singular values of its layers, and what theory predicts of them.

import { Chart, color } from "./chart.js";
import { read } from "./farm.js";
import { label } from "./runs.js";
import { element, number, write } from "./text.js";
import { AXES, lastOf, stretches } from "./trajectory.js";

const POINTS = 600;
const RANK_ONE = 100; // σ₁/σ₂ above which a direction has rank one in that layer for all that a plot can show

export class Detail {
  #host;
  #run = null;
  #document = null;
  #spectra = null;
  #charts = [];
  #parts = null;
  #loading = 0;

  constructor(host) {
    this.#host = host;
  }

  /** What is stored of the run, with its theory; null before it is read. */
  get document() {
    return this.#document;
  }

  /** The run that is shown; null for none. */
  get run() {
    return this.#run;
  }

  begin(run) {
    if (this.#run === run) return;
    this.#charts.forEach(chart => chart.remove());
    this.#charts = [];
    this.#host.replaceChildren();
    [this.#run, this.#document, this.#spectra, this.#parts] = [run, null, null, null];
  }

  /** Reads what is stored; of several calls the last counts. */
  async load() {
    const run = this.#run;
    const call = ++this.#loading;
    const [document, spectra] = await Promise.all([
      read(`runs/${run.run}`),
      read(`runs/${run.run}/singular-values?points=${POINTS}`),
    ]);
    if (run === this.#run && call === this.#loading) {
      this.#document = document;
      const last = spectra.step.at(-1) ?? -1;
      const before = this.#spectra;
      this.#spectra = spectra;
      before?.step.forEach((step, i) => {
        if (step > last) this.#append(step, before.flow_time[i], before.layers.map(layer => layer.values[i]));
      });
    }
  }

  /** A row of the run that the farm tells. */
  add(row) {
    if (this.#spectra === null || !row.singular_values) return;
    const spectra = this.#spectra;
    while (spectra.step.length > 0 && spectra.step.at(-1) >= row.step) {
      [spectra.step, spectra.flow_time, ...spectra.layers.map(layer => layer.values)].forEach(array => array.pop());
    }
    this.#append(row.step, row.flow_time, row.singular_values);
  }

  #append(step, time, values) {
    const spectra = this.#spectra;
    if (spectra.layers.length === 0) {
      spectra.layers = values.map((unused, i) => ({ layer: i + 1, values: [] })); // no row was stored yet
    }
    spectra.step.push(step);
    spectra.flow_time.push(time);
    values.forEach((layer, i) => spectra.layers[i].values.push(layer));
  }

  /** @param axis step, time or log-time */
  show(axis, withTheory) {
    if (this.#run === null) return;
    this.#parts ??= this.#build();
    this.#head();
    this.#saddles(withTheory);
    if (this.#spectra === null || this.#spectra.layers.length === 0) return;
    const count = this.#spectra.layers.length + 1;
    while (this.#charts.length < count) {
      const figure = element("figure", {}, element("figcaption"), element("div"));
      this.#parts.layers.append(figure);
      this.#charts.push(new Chart(figure.lastChild));
      figure.firstChild.textContent = this.#charts.length === count
        ? "σ₁/σ₂ of each layer"
        : `Layer ${this.#spectra.layers[this.#charts.length - 1].layer}: singular values`;
    }
    const areas = this.areas(axis);
    this.#spectra.layers.forEach((layer, i) => this.#layer(layer, i, axis, areas));
    this.#ratios(count - 1, withTheory);
  }

  /** The plateaus as stretches of an axis; the one that lasts, to the last row. */
  areas(axis) {
    const run = this.#run;
    const areas = stretches(run, axis).map(area => ({ ...area, label: `rank ${area.rank}` }));
    const since = run.plateau_since ?? null;
    if (since !== null && ![...run.plateaus_found.values()].some(plateau => plateau.start_step === since)) {
      areas.push({ from: axis === "step" ? since : this.#timeAt(since), to: lastOf(run, axis), label: `rank ${run.rank}` });
    }
    return areas;
  }

  #timeAt(step) {
    const i = this.#spectra?.step.findIndex(each => each >= step) ?? -1;
    return i < 0 ? this.#run.flow_time ?? 0 : this.#spectra.flow_time[i];
  }

  #build() {
    const parts = {
      title: element("h2"), state: element("span"), id: element("code"),
      table: element("div", { class: "wide" }), layers: element("div", { class: "layers" }),
      note: element("p", { class: "note" }), specification: element("pre"), rows: "",
    };
    this.#host.replaceChildren(
      element("div", { id: "run-head" }, parts.title, parts.id, parts.state),
      element("h3", {}, "Saddles"), parts.table,
      element("h3", {}, "Spectra"), parts.layers, parts.note,
      element("details", {}, element("summary", {}, "Specification"), parts.specification));
    return parts;
  }

  #head() {
    const run = this.#run;
    const named = label(run);
    write(this.#parts.title, named === run.run ? run.experiment ?? "" : `${run.experiment}: ${named}`);
    write(this.#parts.id, run.run);
    write(this.#parts.state, [
      run.status, `step ${number(run.steps)}`, `loss ${number(run.loss)}`, `rank ${number(run.rank)}`, run.cause,
    ].filter(Boolean).join(" · "));
    if (this.#document !== null) write(this.#parts.specification, JSON.stringify(this.#document.specification, null, 2));
  }

  #saddles(withTheory) {
    const stored = new Map((this.#document?.plateaus ?? []).map(plateau => [plateau.plateau, plateau]));
    const plateaus = [...this.#run.plateaus_found.values()].sort((a, b) => a.plateau - b.plateau)
      .map(plateau => ({ ...stored.get(plateau.plateau), ...plateau }));
    const columns = [
      ["plateau", p => p.plateau], ["rank", p => p.rank],
      ["steps", p => `${number(p.start_step)} – ${p.end_step === null ? "" : number(p.end_step)}`],
      ["loss", p => number(p.loss)],
      ...(withTheory ? [["predicted", p => number(p.level)]] : []),
      ["|∇C|", p => number(p.gradient_norm)], ["kind", p => p.kind],
      ["λ min", p => number(p.lambda_min)], ["λ max", p => number(p.lambda_max)],
      ["ways down", p => p.saddle?.index ? `${p.saddle.index.complete ? "" : "≥ "}${p.saddle.index.count}` : ""],
      ["ranks of layers", p => (p.layer_ranks ?? []).join(" ")],
      ["escape · gradient", p => number(p.escape?.leading_cosine)],
    ];
    const rows = plateaus.map(plateau => columns.map(([, of]) => String(of(plateau) ?? "")));
    const key = JSON.stringify([columns.length, rows]);
    if (key === this.#parts.rows) return;
    this.#parts.rows = key;
    this.#parts.table.replaceChildren(element("table", { class: "saddles" },
      element("thead", {}, element("tr", {}, ...columns.map(([name]) => element("th", { scope: "col" }, name)))),
      element("tbody", {}, ...rows.map(row => element("tr", {}, ...row.map(cell => element("td", {}, cell)))))));
  }

  #layer(layer, i, axis, areas) {
    const xs = axis === "step" ? this.#spectra.step : this.#spectra.flow_time;
    const most = layer.values.reduce((most, row) => Math.max(most, row.length), 0);
    const lines = Array.from({ length: most }, (unused, index) => ({
      name: `σ${index + 1}`, color: color(index), width: index === 0 ? 1.8 : 1.2, xs, ys: layer.values.map(row => row[index] ?? null),
    }));
    this.#charts[i].show({
      x: { label: AXES[axis], log: axis === "log-time" }, y: { label: "", log: true },
      height: 170, lines, areas: areas.map(area => ({ ...area, label: "" })), sync: "run",
    });
  }

  #ratios(at, withTheory) {
    const layers = this.#spectra.layers.map(layer => layer.layer);
    const line = (name, i, ys, more = {}) => ({ name, color: color(i), xs: layers, ys, ...more });
    const now = this.#spectra.layers.map(layer => ratio(layer.values.at(-1)));
    const measured = this.#document?.escape?.measured?.ratios;
    const predicted = this.#document?.escape?.theory?.ratios;
    const rankOne = predicted?.every(each => each === null || each > RANK_ONE);
    const lines = [
      line("weights at the last row", 0, now),
      ...(measured ? [line("first way out, measured", 1, measured)] : []),
      ...(withTheory && predicted && !rankOne ? [line("first way out, predicted", 2, predicted, { dash: [6, 4] })] : []),
      ...(withTheory ? [line("ℓ^¼", 7, layers.map(l => l ** 0.25), { dash: [2, 3] })] : []),
    ];
    this.#charts[at].show({ x: { label: "layer ℓ", log: false, whole: true }, y: { label: "", log: true }, height: 170, lines });
    const reason = this.#document?.theory?.not_predicted?.escape;
    const legend = lines.map(each => element("span", { swatch: each.color }, each.name));
    const text = !withTheory ? [] : [
      ...(reason ? [`No prediction of the first way out: ${reason}.`] : []),
      ...(rankOne ? ["Predicted of the first way out: rank one in every layer."] : []),
    ].map(each => element("p", { class: "note" }, each));
    const key = lines.map(each => each.name + each.color).join() + text.length;
    if (this.#parts.note.dataset.key !== key) {
      this.#parts.note.dataset.key = key;
      this.#parts.note.replaceChildren(element("span", { class: "legend" }, ...legend), ...text);
    }
  }
}

function ratio(values) {
  return values && values.length > 1 && values[1] > 0 ? values[0] / values[1] : null;
}
