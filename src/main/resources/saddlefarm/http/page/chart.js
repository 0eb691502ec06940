// One plot over uPlot, in the colors of the page.

import uPlot from "./uPlot.esm.js";
import { number } from "./text.js";

const LIGHT = ["#1f6fb4", "#d9600f", "#2c8a3c", "#c02d3a", "#7d4fb0", "#8a5a2b", "#c84fa2", "#5f6b76", "#93930f", "#0f98a8"];
const DARK = ["#6cb2f0", "#ff9a4d", "#6fce7d", "#ff7d85", "#bd97ec", "#cf9d68", "#f08fd0", "#a9b4bf", "#d6d650", "#4fd6e6"];
const dark = matchMedia("(prefers-color-scheme: dark)");
const charts = new Set();

const sizes = new ResizeObserver(() => charts.forEach(chart => chart.resize()));

/** Tells when colors are others, because the system goes from light to dark or back; then all has to be shown again. */
export function onColors(changed) {
  dark.addEventListener("change", changed);
}

/** The color of the i-th of several lines. */
export function color(i) {
  const colors = dark.matches ? DARK : LIGHT;
  return colors[i % colors.length];
}

function ink(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

/**
 * A plot of lines, each with its own x.
 *
 * What is shown: {x: {label, log, range, whole}, y: {label, log, range}, lines: [{name, color, xs, ys, width, dash}], height,
 * areas: [{from, to, label}] over x, levels: [{at, label}] of y, verticals: [{at, label}] of x,
 * points: [{x, y, color}], between: [[i, j, color]] filled between two lines, read(line, index) text at the cursor}.
 */
export class Chart {
  #host;
  #plot = null;
  #shown = null;
  #key = "";
  #zoomed = false;

  constructor(host) {
    this.#host = host;
    charts.add(this);
    sizes.observe(host);
  }

  show(shown) {
    const key = JSON.stringify([
      shown.x, shown.y, shown.height, dark.matches,
      shown.lines.map(line => [line.name, line.color, line.width, line.dash]), shown.between,
    ]);
    this.#shown = shown;
    const data = joined(shown);
    if (this.#plot === null || key !== this.#key) {
      this.#key = key;
      this.#plot?.destroy();
      this.#zoomed = false;
      this.#plot = new uPlot(this.#options(shown), data, this.#host);
      requestAnimationFrame(() => this.resize()); // the page may have got a scroll bar by it
    } else {
      this.#plot.setData(data, !this.#zoomed);
      if (this.#zoomed) this.#plot.redraw();
    }
  }

  resize() {
    const width = this.#host.clientWidth;
    if (this.#plot && width > 0 && width !== this.#plot.width) {
      this.#plot.setSize({ width, height: this.#plot.height });
    }
  }

  remove() {
    charts.delete(this);
    sizes.unobserve(this.#host);
    this.#plot?.destroy();
    this.#plot = null;
  }

  #options(shown) {
    const axis = { stroke: ink("--soft"), grid: { stroke: ink("--line"), width: 1 }, ticks: { stroke: ink("--line"), width: 1 } };
    const small = shown.height < 200;
    const fonts = small ? { font: "10px system-ui", labelFont: "10px system-ui", labelSize: 14 } : { font: "11px system-ui", labelFont: "12px system-ui", labelSize: 18 };
    return {
      width: Math.max(this.#host.clientWidth, 120),
      height: shown.height,
      scales: {
        x: { time: false, distr: shown.x.log ? 3 : 1, range: shown.x.range ?? ((plot, least, greatest) => [least, greatest]) },
        y: { distr: shown.y.log ? 3 : 1, range: shown.y.range ?? (shown.y.log ? logRange : linearRange) },
      },
      axes: [
        { ...axis, ...fonts, size: small ? 26 : 34, label: shown.x.label, values: labels, ...splits(shown.x.log, small ? 60 : 90), ...(shown.x.whole ? { incrs: [1, 2, 5, 10, 20, 50, 100] } : {}) },
        { ...axis, ...fonts, size: small ? 44 : 56, label: small ? undefined : shown.y.label, values: labels, ...splits(shown.y.log, small ? 28 : 40) },
      ],
      series: [
        {},
        ...shown.lines.map(line => ({
          label: line.name, stroke: line.color, width: line.width ?? 1.5, dash: line.dash, spanGaps: true, points: { show: false },
        })),
      ],
      bands: (shown.between ?? []).map(([upper, lower, fill]) => ({ series: [upper + 1, lower + 1], fill })),
      legend: { show: false },
      focus: { alpha: shown.lines.length > 1 && !shown.between ? 0.3 : 1 },
      cursor: {
        focus: { prox: 24 },
        drag: { x: true, y: false },
        sync: shown.sync ? { key: shown.sync } : undefined,
        points: small ? { show: () => null } : {},
      },
      hooks: {
        drawClear: [plot => this.#behind(plot)],
        draw: [plot => this.#above(plot)],
        setSelect: [plot => { this.#zoomed = this.#zoomed || plot.select.width > 0; }],
        setCursor: [plot => this.#read(plot)],
        ready: [plot => plot.over.addEventListener("dblclick", () => { this.#zoomed = false; })],
      },
    };
  }

  #read(plot) {
    if (!this.#shown.read) return;
    const { idx, left } = plot.cursor;
    if (left < 0 || idx === null || idx === undefined) return this.#shown.read(null);
    const line = plot.series.findIndex((series, i) => i > 0 && series._focus) - 1;
    const x = plot.posToVal(left, "x");
    this.#shown.read(this.#shown.lines[line >= 0 ? line : this.#shown.lines.length === 1 ? 0 : -1] ?? null, x);
  }

  #behind(plot) {
    const { ctx, bbox } = plot;
    const { min, max } = plot.scales.x;
    ctx.save();
    clip(ctx, bbox);
    for (const { from, to, label } of this.#shown.areas ?? []) {
      const [left, right] = [from, to].map(x => plot.valToPos(Math.min(Math.max(x, min), max), "x", true));
      ctx.fillStyle = `rgba(${ink("--shade")}, .13)`;
      ctx.fillRect(left, bbox.top, right - left, bbox.height);
      const begin = Math.max(left, bbox.left) + 4 * devicePixelRatio;
      if (label && begin + widthOf(ctx, label) < Math.min(right, bbox.left + bbox.width)) {
        text(ctx, label, begin, bbox.top + 12 * devicePixelRatio);
      }
    }
    ctx.restore();
  }

  #above(plot) {
    const { ctx, bbox } = plot;
    ctx.save();
    clip(ctx, bbox);
    ctx.lineWidth = devicePixelRatio;
    ctx.strokeStyle = ink("--soft");
    ctx.setLineDash([5 * devicePixelRatio, 4 * devicePixelRatio]);
    [ctx.lineDashOffset, ctx.lineCap] = [0, "butt"]; // whatever uPlot has drawn before
    for (const { at, label } of this.#shown.levels ?? []) {
      const y = Math.round(plot.valToPos(at, "y", true)) + 0.5;
      stroke(ctx, bbox.left, y, bbox.left + bbox.width, y);
      text(ctx, label, bbox.left + bbox.width - 4 * devicePixelRatio, y - 4 * devicePixelRatio, "right");
    }
    for (const { at, label } of this.#shown.verticals ?? []) {
      const x = Math.round(plot.valToPos(at, "x", true)) + 0.5;
      stroke(ctx, x, bbox.top, x, bbox.top + bbox.height);
      text(ctx, label, x + 4 * devicePixelRatio, bbox.top + bbox.height - 6 * devicePixelRatio);
    }
    ctx.setLineDash([]);
    for (const { x, y, color: fill } of this.#shown.points ?? []) {
      ctx.beginPath();
      ctx.arc(plot.valToPos(x, "x", true), plot.valToPos(y, "y", true), 3.5 * devicePixelRatio, 0, 2 * Math.PI);
      ctx.fillStyle = fill;
      ctx.fill();
      ctx.strokeStyle = ink("--paper");
      ctx.stroke();
    }
    ctx.restore();
  }
}

/** The lines over one x, which uPlot wants; where a line has no point it has none. */
function joined(shown) {
  const lines = shown.lines.map(line => cleaned(line, shown));
  return lines.length ? uPlot.join(lines) : [[], []];
}

/** Without what a logarithmic axis cannot show, and each x once: the last of several counts. */
function cleaned({ xs, ys }, shown) {
  const [left, right] = [[], []];
  for (let i = 0; i < xs.length; i++) {
    if (ys[i] === null || ys[i] === undefined || (shown.x.log && !(xs[i] > 0)) || (shown.y.log && !(ys[i] > 0))) continue;
    if (left.length && left[left.length - 1] === xs[i]) right[right.length - 1] = ys[i];
    else {
      left.push(xs[i]);
      right.push(ys[i]);
    }
  }
  return [left, right];
}

const labels = (plot, ticks) => ticks.map(tick);

/** On a logarithmic axis powers of ten; where there are too few of them, round numbers. */
function splits(log, space) {
  if (!log) return { space };
  const count = (plot, axis) => (axis === 0 ? plot.width : plot.height) / space;
  return { space, filter: (plot, ticks) => ticks, splits: (plot, axis, least, greatest) => logTicks(least, greatest, count(plot, axis)) };
}

function logTicks(least, greatest, most) {
  const decades = Math.log10(greatest / least);
  if (!(decades > 0)) return [least];
  if (decades < 1.3) return linearTicks(least, greatest, most);
  const every = Math.ceil(decades / Math.max(most, 2));
  const ticks = [];
  for (let power = Math.ceil(Math.log10(least) - 1e-9); power <= Math.log10(greatest) + 1e-9; power++) {
    if (power % every === 0) ticks.push(Number(`1e${power}`));
  }
  return ticks;
}

function linearTicks(least, greatest, most) {
  const rough = (greatest - least) / Math.max(most, 2);
  const size = 10 ** Math.floor(Math.log10(rough));
  const step = size * [1, 2, 5, 10].find(factor => factor * size >= rough);
  const ticks = [];
  for (let i = Math.ceil(least / step); i * step <= greatest; i++) ticks.push(Number((i * step).toPrecision(12)));
  return ticks;
}

function logRange(plot, least, greatest) {
  if (!(least > 0)) return [0.1, 1];
  const margin = Math.max((greatest / least) ** 0.06, 1.05);
  return [least / margin, greatest * margin];
}

function linearRange(plot, least, greatest) {
  if (least === null) return [0, 1];
  const margin = (greatest - least) * 0.06 || Math.abs(greatest) * 0.1 || 1;
  return [least >= 0 && least < margin * 4 ? 0 : least - margin, greatest + margin];
}

function tick(value) {
  if (value === null) return "";
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-2 || size >= 1e5)) return value.toExponential().replace("e+", "e");
  return number(Number(value.toPrecision(6)));
}

function clip(ctx, { left, top, width, height }) {
  ctx.beginPath();
  ctx.rect(left, top, width, height);
  ctx.clip();
}

function stroke(ctx, x0, y0, x1, y1) {
  ctx.beginPath();
  ctx.moveTo(x0, y0);
  ctx.lineTo(x1, y1);
  ctx.stroke();
}

const font = () => `${11 * devicePixelRatio}px system-ui`;

function widthOf(ctx, label) {
  ctx.font = font();
  return ctx.measureText(label).width;
}

function text(ctx, label, x, y, align = "left") {
  ctx.fillStyle = ink("--soft");
  ctx.font = font();
  ctx.textAlign = align;
  ctx.textBaseline = "alphabetic";
  ctx.save();
  ctx.setLineDash([]);
  ctx.lineWidth = 3 * devicePixelRatio;
  ctx.lineJoin = "round";
  ctx.strokeStyle = ink("--paper"); // so that it can be read over lines
  ctx.strokeText(label, x, y);
  ctx.restore();
  ctx.fillText(label, x, y);
}
