// The page: what it shows is in its address, and what it knows comes from the farm.

import { Chart, color, onColors } from "./chart.js";
import { Detail } from "./detail.js";
import { Away, follow } from "./farm.js";
import { ended, filter, find, history, label, live, runs, take, transitions } from "./runs.js";
import { groups, inTurn, quartiles } from "./seeds.js";
import { Table, columns, order } from "./table.js";
import { element, number, write } from "./text.js";
import { AXES, Trajectory, stretches } from "./trajectory.js";

const MOST_CHOSEN = 40;
const MOST_GROUPS = 40;
const MOST_SEEDS = 1000;
const MOST_TRANSITIONS = 200;
const REFRESH = { table: 250, plots: 500 };
const RELOAD = 30_000;
const POINTS = { one: 2000, several: 600, small: 300 };
const VIEWS = ["overlay", "multiples", "seeds"];

const node = id => document.getElementById(id);
const state = fromAddress();
const detail = new Detail(node("run"));
const trajectories = new Map();
const charts = new Map();
const dirty = { table: true, plots: true, transitions: true };
let isLive = false;
let isTold = false; // what there was when the page began
let chosen = [];
let asked = 0; // runs that were to be chosen, of which the first are
let followed = null; // whose singular values the farm tells

// --- what the farm tells ---

const stream = follow(
  () => {
    followed = toFollow();
    return new URLSearchParams(followed === null ? {} : { spectra: followed });
  },
  {
    history,
    live() {
      live();
      dirty.transitions = true;
      isLive = true;
      connection("live", "live");
      findChosen();
      touch();
      if (!isTold) {
        showTable();
        revealChosen();
      }
      isTold = true;
      document.documentElement.dataset.ready = "true";
      loadAll();
    },
    away: () => {
      isLive = false;
      connection("away", "the farm does not answer; trying again");
    },
    event: told,
  });

function told(name, data) {
  const before = runs.size;
  const run = take(name, data, isLive);
  if (isLive && runs.size > before) appeared();
  dirty.transitions ||= name === "finding";
  if (name === "snapshot") {
    trajectories.get(run.run)?.add(data);
    if (detail.run === run) detail.add(data);
  } else if (isLive && (name === "finding" || ended(run))) {
    // The rest of it is stored, or about to be.
    if (detail.run === run) soon(() => load(run, POINTS.one));
  }
  touch(chosen.includes(run) || state.view === "seeds");
}

function connection(kind, text) {
  node("connection").className = kind;
  write(node("connection"), text);
}

// --- what is shown ---

function touch(plots = true) {
  dirty.table = true;
  dirty.plots ||= plots;
}

function every(period, what, show) {
  setInterval(() => {
    if (document.hidden || !dirty[what]) return;
    dirty[what] = false;
    show();
  }, period);
}

every(REFRESH.table, "table", showTable);
every(REFRESH.plots, "plots", showPlots);

setInterval(() => !document.hidden && isLive && loadAll(), RELOAD);
onColors(() => touch());

const table = new Table(node("table"), {
  choose: (id, more) => choose(more ? toggled(id) : [id]),
  sort(column) {
    state.descending = state.sort === column ? !state.descending : false;
    state.sort = column;
    address();
    touch(false);
  },
});

function kept() {
  return [...runs.values()].filter(filter(state.filter));
}

/** The runs of the filter, in the order of the table. */
function shown() {
  const all = kept();
  const known = columns(all);
  return all.sort(order(known.includes(state.sort) ? state.sort : "run", state.descending));
}

function showTable() {
  const rows = shown();
  table.show(rows, colors(), { column: state.sort, descending: state.descending });
  write(node("shown"), `${ofAll(rows.length, runs.size)} runs`);
  const counts = new Map();
  for (const run of runs.values()) counts.set(run.status, (counts.get(run.status) ?? 0) + 1);
  write(node("counts"), [...counts].map(([status, count]) => `${number(count)} ${status ?? "…"}`).join(" · "));
  showTransitions();
}

function ofAll(count, all) {
  return count === all ? number(all) : `${number(count)} of ${number(all)}`;
}

function showTransitions() {
  if (!dirty.transitions) return;
  dirty.transitions = false;
  node("transitions").replaceChildren(...transitions.slice(-MOST_TRANSITIONS).reverse().map(each => {
    const { run, at } = each;
    const data = run.transitions_found.get(each.number);
    return element("li", { onclick: () => choose([run.run]), title: `${run.experiment}, flow time ${number(data.flow_time)}` },
      element("time", {}, at ? at.toLocaleTimeString() : ""),
      element("span", { class: "id" }, run.run.slice(0, 8)),
      element("span", {}, `rank ${data.rank_before} → ${data.rank_after ?? "…"}`),
      element("span", { class: "what" }, `step ${number(data.step)}`),
      element("span", { class: "what" }, label(run) === run.run ? run.experiment ?? "" : label(run)));
  }));
}

function colors() {
  return new Map(chosen.map((run, i) => [run.run, color(i)]));
}

/** The run that is chosen alone; null if there is none. */
function focus() {
  return chosen.length === 1 ? chosen[0] : null;
}

function showPlots() {
  const bySeeds = state.view === "seeds";
  node("hint").hidden = chosen.length > 0 || bySeeds;
  const run = bySeeds ? null : focus();
  detail.begin(run);
  node("run").hidden = run === null;
  if (bySeeds) showSeeds();
  else if (chosen.length > 1 && state.view === "multiples") showMultiples();
  else showOverlay();
  if (run) detail.show(state.x, state.theory);
}

/** The plots of #loss by name; those that are not named are taken away. */
function plots(names, make) {
  const wanted = names.join("\n");
  if (node("loss").dataset.plots !== wanted) {
    node("loss").dataset.plots = wanted;
    charts.forEach(({ chart }) => chart.remove());
    charts.clear();
    node("loss").replaceChildren(...make((name, host) => charts.set(name, { chart: new Chart(host), host })));
  }
}

function framed(add) {
  const host = element("div");
  add("all", host);
  return [element("p", { class: "readout", id: "readout" }), host, element("p", { class: "note" }), element("p", { class: "legend" })];
}

function showOverlay() {
  const drawn = chosen.filter(run => !trajectories.get(run.run)?.empty && trajectories.has(run.run));
  plots(chosen.length ? ["all"] : [], add => (chosen.length ? framed(add) : []));
  const one = focus();
  if (chosen.length > 0) write(note(), one ? "Shaded: plateaus. Dots: confirmed escapes." : `${cut()}Dots: confirmed escapes.`);
  if (drawn.length === 0) return;
  const palette = colors();
  const theory = one && state.theory ? detail.document : null;
  charts.get("all").chart.show({
    ...axes("loss"),
    height: one ? 320 : 420,
    lines: drawn.map(run => line(run, palette.get(run.run))),
    areas: one && detail.run === one ? detail.areas(state.x) : [],
    levels: (theory?.theory?.ladder?.levels ?? []).slice(0, 8).map((at, i) => ({ at, label: `predicted, rank ${i}` }))
      .filter(({ at }) => at > 0 || !state.log),
    verticals: verticals(theory, one),
    points: drawn.flatMap(run => marks(run, palette.get(run.run))),
    sync: one ? "run" : undefined,
    read: (at, x) => readout(at, x),
  });
  legend(drawn.length > 1 ? drawn.map(run => [`${run.run.slice(0, 8)} ${label(run) === run.run ? run.experiment : label(run)}`, palette.get(run.run)]) : []);
}

function cut() {
  return chosen.length < asked ? `The first ${number(chosen.length)} of ${number(asked)} chosen runs. ` : "";
}

function axes(label) {
  return { x: { label: AXES[state.x], log: state.x === "log-time" }, y: { label, log: state.log } };
}

function line(run, stroke) {
  const trajectory = trajectories.get(run.run);
  return { name: run.run, color: stroke, xs: trajectory.over(state.x), ys: trajectory.loss };
}

function marks(run, fill) {
  const trajectory = trajectories.get(run.run);
  return [...run.transitions_found.values()].map(each => {
    const x = state.x === "step" ? each.step : each.flow_time;
    return { x, y: trajectory.lossAt(x, state.x), color: fill };
  }).filter(point => point.y > 0);
}

function verticals(theory, run) {
  const earliest = theory?.escape?.theory?.earliest_time;
  if (typeof earliest !== "number") return [];
  const at = state.x === "step" ? trajectories.get(run.run).stepAt(earliest) : earliest;
  const last = trajectories.get(run.run).over(state.x).at(-1);
  return at === null || at < 0.01 * last ? [] : [{ at, label: "predicted escape, at the earliest" }];
}

function readout(at, x) {
  const trajectory = at && trajectories.get(at.name);
  if (!trajectory || trajectory.empty) return node("readout")?.replaceChildren();
  const i = trajectory.before(x, state.x);
  node("readout").replaceChildren(
    element("b", {}, at.name), ` ${label(runs.get(at.name) ?? { run: at.name })} · step ${number(trajectory.step[i])} · `,
    `flow time ${number(trajectory.time[i])} · loss `, element("b", {}, number(trajectory.loss[i])), ` · rank ${trajectory.rank[i]}`);
}

function legend(entries) {
  const host = node("loss").querySelector(".legend");
  const key = JSON.stringify(entries);
  if (host.dataset.key !== key) {
    host.dataset.key = key;
    host.replaceChildren(...entries.map(([text, swatch]) => element("span", { swatch }, text)));
  }
}

function note() {
  return node("loss").querySelector(".note");
}

function showMultiples() {
  plots(chosen.map(run => run.run), add => [element("p", { class: "note" }), element("div", { class: "multiples" }, ...chosen.map(run => {
    const host = element("div");
    add(run.run, host);
    return element("figure", { onclick: () => choose([run.run]) }, element("figcaption", {}, `${run.run.slice(0, 8)} ${label(run)}`), host);
  }))]);
  write(note(), `${cut()}Shaded: plateaus, with their ranks. Dots: confirmed escapes.`);
  const palette = colors();
  const drawn = chosen.filter(run => !(trajectories.get(run.run)?.empty ?? true));
  const { x, y } = axes("");
  const every = each => drawn.flatMap(run => each(trajectories.get(run.run)));
  const ranged = (axis, values) => ({ ...axis, range: extent(values, axis.log) });
  const same = { x: ranged(x, every(each => each.over(state.x))), y: ranged(y, every(each => each.loss)) };
  for (const run of drawn) {
    charts.get(run.run).chart.show({
      ...same, height: 150, lines: [line(run, palette.get(run.run))], points: marks(run, palette.get(run.run)),
      areas: stretches(run, state.x).map(area => ({ ...area, label: String(area.rank) })),
    });
  }
}

/** From the least to the greatest of all values that an axis can show, and a little more. */
function extent(values, log) {
  const shown = log ? values.filter(value => value > 0) : values;
  const [least, greatest] = [shown.reduce((a, b) => Math.min(a, b), Infinity), shown.reduce((a, b) => Math.max(a, b), -Infinity)];
  return log ? [least / 1.05, greatest * 1.05] : [least, greatest + 0.05 * (greatest - least)];
}

function showSeeds() {
  const all = groups(kept());
  const sample = sampled(all);
  const members = new Map(sample.map(run => [run, { run, trajectory: trajectories.get(run.run) }]));
  const begun = all.slice(0, MOST_GROUPS).map((group, i) => ({
    ...group,
    color: color(i),
    members: group.runs.map(run => members.get(run)).filter(member => member && !(member.trajectory?.empty ?? true)),
  }));
  plots(["all"], framed);
  legend(begun.map(each => [`${each.name} (${ofAll(each.members.length, each.runs.length)})`, each.color]));
  write(note(), [
    ...counted(all, begun, [...members.values()]),
    "Median and quartiles over seeds, as far as half of them have come; a run that has ended counts with its last loss.",
  ].join(" "));
  const drawn = begun.filter(each => each.members.length > 0).map(each => ({ ...each, ...quartiles(each.members, state.x) }));
  if (drawn.length === 0) return;
  charts.get("all").chart.show({
    ...axes("loss"), height: 420,
    lines: drawn.flatMap(each => [
      { name: each.name, color: each.color, xs: each.xs, ys: each.median, width: 2 },
      { name: `${each.name} 75%`, color: each.color, xs: each.xs, ys: each.upper, width: 0.5 },
      { name: `${each.name} 25%`, color: each.color, xs: each.xs, ys: each.lower, width: 0.5 },
    ]),
    between: drawn.map((each, i) => [3 * i + 1, 3 * i + 2, `${each.color}33`]),
  });
}

/** The runs whose seeds are compared: of each group as many as there is room for. */
function sampled(all) {
  return inTurn(all.slice(0, MOST_GROUPS)).slice(0, MOST_SEEDS);
}

/** What the medians are not of, in sentences. */
function counted(all, begun, members) {
  const total = begun.reduce((sum, group) => sum + group.runs.length, 0);
  const read = members.filter(({ trajectory }) => trajectory?.isRead).length;
  const waiting = members.filter(({ trajectory }) => trajectory?.isRead && trajectory.empty).length;
  return [
    ...(read < members.length ? [`So far ${number(read)} of ${number(members.length)} runs are read.`] : []),
    ...(waiting > 0 ? [`${number(waiting)} ${waiting === 1 ? "has" : "have"} no rows yet.`] : []),
    ...(members.length < total ? [`${ofAll(members.length, total)} runs count, as many of each group as there is room for, by their ids.`] : []),
    ...(begun.length < all.length ? [`The first ${number(begun.length)} of ${number(all.length)} groups are shown.`] : []),
  ];
}

// --- what is stored ---

let reading = 0;

/** Reads the rows of all runs that are shown, a few at a time, and what is stored of the one that is; a later call takes over. */
async function loadAll() {
  const bySeeds = state.view === "seeds";
  const wanted = bySeeds ? sampled(groups(kept())) : chosen;
  const points = bySeeds ? POINTS.small : wanted.length > 1 ? POINTS.several : POINTS.one;
  // What a filter lets pass no more may be wanted again with its next letter.
  for (const id of trajectories.keys()) if (!(bySeeds ? runs.has(id) : wanted.includes(runs.get(id)))) trajectories.delete(id);
  const known = run => trajectories.get(run.run);
  const queue = wanted.filter(run => !known(run)?.isComplete(run, points) || (run === focus() && !bySeeds))
    .sort((a, b) => (known(a)?.isRead ?? false) - (known(b)?.isRead ?? false));
  const mine = ++reading;
  await Promise.all(Array.from({ length: 4 }, async () => {
    while (isLive && mine === reading && queue.length > 0) await load(queue.shift(), points);
  }));
}

async function load(run, points) {
  const known = trajectories.get(run.run) ?? new Trajectory(run.run);
  trajectories.set(run.run, known);
  try {
    await known.load(points);
    if (run === focus() && state.view !== "seeds") {
      detail.begin(run);
      await detail.load();
    }
  } catch (failure) {
    // What the farm could not answer is read again when it is back.
    if (!(failure instanceof Away)) console.warn(failure.message);
  }
  touch();
}

let waiting = null;

/** A little later, once: what was found is stored with the next commit. */
function soon(action) {
  clearTimeout(waiting);
  waiting = setTimeout(() => { action(); waiting = setTimeout(action, 10_000); }, 1000);
}

// --- the runs that are chosen ---

/** The runs that the address means, among those that are known; it gets their whole ids. */
function findChosen() {
  const { found, missing, ambiguous } = find(state.chosen);
  state.chosen = [...found.map(run => run.run), ...missing, ...ambiguous];
  chosen = found.slice(0, MOST_CHOSEN);
  asked = found.length;
  write(node("unknown"), [
    ...(isLive && missing.length > 0 ? [`No run's id begins with ${missing.join(" or ")}.`] : []),
    ...(isLive && ambiguous.length > 0 ? [`The ids of several runs begin with ${ambiguous.join(" or ")}.`] : []),
  ].join(" "));
  if (toFollow() !== followed) stream.again();
}

/** The run whose details are shown; before it is known, what the address calls it. */
function toFollow() {
  return focus()?.run ?? (chosen.length === 0 && state.chosen.length === 1 ? state.chosen[0] : null);
}

function revealChosen() {
  if (chosen.length > 0) table.reveal(chosen[0].run);
}

/** There is a run more: it may be one that the address was waiting for. */
function appeared() {
  const before = asked;
  if (state.chosen.length > before) findChosen();
  if (asked > before) loadAll();
}

// --- what the user does ---

function choose(ids) {
  state.chosen = ids;
  changed();
}

function toggled(id) {
  const ids = chosen.map(run => run.run);
  return ids.includes(id) ? ids.filter(each => each !== id) : [...ids, id];
}

/** Another view, other runs: everything is shown anew. */
function changed() {
  findChosen();
  address();
  controls();
  loadAll();
  showTable();
  showPlots();
}

function controls() {
  document.querySelectorAll("[name=view]").forEach(input => { input.checked = input.value === state.view; });
  document.querySelectorAll("[name=x]").forEach(input => { input.checked = input.value === state.x; });
  document.querySelector("[name=log]").checked = state.log;
  document.querySelector("[name=theory]").checked = state.theory;
  if (node("filter").value !== state.filter) node("filter").value = state.filter;
}

node("controls").addEventListener("change", event => {
  const { name, value, checked } = event.target;
  state[name] = event.target.type === "checkbox" ? checked : value;
  changed();
});

node("filter").addEventListener("input", () => {
  state.filter = node("filter").value;
  address();
  showTable();
  if (state.view === "seeds") loadAll();
});
node("filter-form").addEventListener("submit", event => event.preventDefault());
node("help-button").addEventListener("click", () => node("help").showModal());

const next = (values, value) => values[(values.indexOf(value) + 1) % values.length];
const KEYS = {
  j: () => table.move(1),
  k: () => table.move(-1),
  ArrowDown: () => table.move(1),
  ArrowUp: () => table.move(-1),
  Enter: () => atFocus(id => choose([id])),
  " ": () => atFocus(id => choose(toggled(id))),
  a: () => choose(shown().map(run => run.run)),
  Escape: () => choose([]),
  "/": () => node("filter").focus(),
  "?": () => node("help").showModal(),
  x: () => set("x", next(Object.keys(AXES), state.x)),
  v: () => set("view", next(VIEWS, state.view)),
  l: () => set("log", !state.log),
  t: () => set("theory", !state.theory),
};

function set(name, value) {
  state[name] = value;
  changed();
}

function atFocus(action) {
  const id = document.activeElement?.closest?.("tr.run")?.dataset.run;
  if (id) action(id);
}

document.addEventListener("keydown", event => {
  if (event.target.id === "filter" && event.key === "Escape") {
    node("filter").blur();
    return;
  }
  const typing = event.target.closest("input[type=search], input[type=password], dialog");
  const pressing = event.target.closest("button, input, summary") && ["Enter", " ", "ArrowDown", "ArrowUp"].includes(event.key);
  if (typing || pressing || event.ctrlKey || event.metaKey || event.altKey || !KEYS[event.key]) return;
  event.preventDefault();
  KEYS[event.key]();
});

// --- the address ---

function fromAddress() {
  const given = new URLSearchParams(location.hash.slice(1));
  const one = (name, allowed) => (allowed.includes(given.get(name)) ? given.get(name) : allowed[0]);
  return {
    chosen: (given.get("run") ?? "").split(",").filter(Boolean),
    view: one("view", VIEWS),
    x: one("x", Object.keys(AXES)),
    log: given.get("log") !== "no",
    theory: given.get("theory") !== "no",
    filter: given.get("filter") ?? "",
    sort: given.get("sort") ?? "run",
    descending: given.get("descending") === "yes",
  };
}

function address() {
  const told = new URLSearchParams();
  if (state.chosen.length) told.set("run", state.chosen.slice(0, MOST_CHOSEN).join(","));
  if (state.view !== "overlay") told.set("view", state.view);
  if (state.x !== "step") told.set("x", state.x);
  if (!state.log) told.set("log", "no");
  if (!state.theory) told.set("theory", "no");
  if (state.filter) told.set("filter", state.filter);
  if (state.sort !== "run") told.set("sort", state.sort);
  if (state.descending) told.set("descending", "yes");
  window.history.replaceState(null, "", told.size || String(told) ? `#${told}` : location.pathname);
}

addEventListener("hashchange", () => {
  Object.assign(state, fromAddress());
  changed();
  revealChosen();
});

controls();
