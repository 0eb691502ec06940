// What is known of all runs, from the events of the farm.

import { number } from "./text.js";

/** Runs by id. */
export const runs = new Map();

/** Transitions of all runs, in the order in which they became known; [{run, transition, at}] */
export let transitions = [];

const COLUMNS = ["run", "experiment", "status", "rank", "steps", "flow_time", "loss", "gradient_norm", "transitions"];
let told = null;

/** Takes in an event; returns the run that it is about. */
export function take(name, data, live) {
  const run = runs.get(data.run) ?? begin(data.run);
  told?.add(data.run);
  if (name === "status") {
    Object.assign(run, data);
  } else if (name === "snapshot") {
    const { step, transitions, plateaus, singular_values, ...rest } = data;
    Object.assign(run, rest, { steps: step });
  } else if (name === "finding") {
    run.experiment ??= data.experiment;
    if (data.finding === "plateau") run.plateaus_found.set(data.plateau, data);
    else transition(run, data, live);
  }
  if (run.status !== "running") run.plateau_since = null; // the last row of a run comes after its end
  return run;
}

/** The farm tells everything anew: what it does not mention is gone. */
export function history() {
  told = new Set();
}

/** The history is over. */
export function live() {
  if (told === null) return;
  for (const id of runs.keys()) if (!told.has(id)) runs.delete(id);
  transitions = transitions.filter(({ run }) => runs.has(run.run));
  told = null;
}

/**
 * The runs that texts mean: an id or the beginning of one.
 *
 * @returns {found: runs, each once; missing: texts that no id begins with; ambiguous: texts that several begin with}
 */
export function find(texts) {
  const result = { found: new Set(), missing: [], ambiguous: [] };
  for (const text of texts) {
    const meant = runs.has(text) ? [runs.get(text)] : [...runs.values()].filter(run => run.run.startsWith(text));
    if (meant.length === 1) result.found.add(meant[0]);
    else (meant.length === 0 ? result.missing : result.ambiguous).push(text);
  }
  return { ...result, found: [...result.found] };
}

/** Whether a run will not go on by itself. */
export function ended(run) {
  return ["completed", "diverged", "failed", "cancelled"].includes(run.status);
}

/** The name of a run among others of its experiment. */
export function label(run) {
  const swept = Object.entries(run.swept ?? {}).map(([key, value]) => `${short(key)} ${number(value)}`);
  return swept.length ? swept.join(", ") : run.run;
}

/** The last part of a key. */
export function short(key) {
  return key.slice(key.lastIndexOf(".") + 1);
}

/** The column of a swept key: its name, but for that of the loss function. */
export function sweptColumn(key) {
  return COLUMNS.includes(key) ? `sweep.${key}` : key;
}

/** The value of a run in a column, which is one of its own or that of a swept key. */
export function value(run, column) {
  if (column === "transitions") return run.transitions_found.size;
  const [holder, key] = Object.hasOwn(run, column) ? [run, column] : [run.swept ?? {}, column.replace(/^sweep\./, "")];
  return Object.hasOwn(holder, key) ? holder[key] : undefined; // not what every object has, such as a constructor
}

/** What a filter's text asks for, as a predicate. */
export function filter(text) {
  const conditions = text.trim().split(/\s+/).filter(Boolean).map(condition);
  return run => conditions.every(holds => holds(run));
}

function condition(word) {
  const parts = /^([^<>=!]+)(<=|>=|!=|=|<|>)(.+)$/.exec(word);
  if (parts === null) {
    const wanted = word.toLowerCase();
    return run => run.run.startsWith(wanted) || (run.experiment ?? "").toLowerCase().includes(wanted);
  }
  const [, key, operator, wanted] = parts;
  return run => {
    const actual = value(run, column(run, key));
    return actual !== undefined && actual !== null && compare(actual, operator, wanted);
  };
}

function column(run, key) {
  if (COLUMNS.includes(key)) return key;
  return Object.keys(run.swept ?? {}).map(sweptColumn).find(swept => swept === key || short(swept) === key) ?? key;
}

function compare(actual, operator, wanted) {
  const numeric = typeof actual === "number" && !Number.isNaN(Number(wanted));
  const [a, b] = numeric ? [actual, Number(wanted)] : [String(actual), wanted];
  switch (operator) {
    case "=": return a === b;
    case "!=": return a !== b;
    case "<": return a < b;
    case "<=": return a <= b;
    case ">": return a > b;
    default: return a >= b;
  }
}

function begin(id) {
  const run = { run: id, swept: {}, plateaus_found: new Map(), transitions_found: new Map() };
  runs.set(id, run);
  return run;
}

function transition(run, data, live) {
  const known = run.transitions_found.has(data.transition);
  run.transitions_found.set(data.transition, data);
  if (!known) {
    transitions.push({ run, number: data.transition, at: live ? new Date() : null });
  }
}
