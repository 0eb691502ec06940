// The table of runs.

import { short, sweptColumn, value } from "./runs.js";
import { element, number } from "./text.js";

const MOST_ROWS = 2000;
const FRESH = 4000;

/** The columns of runs that are shown: swept keys, and the experiment if there are several. */
export function columns(shown) {
  const swept = new Set();
  const experiments = new Set();
  for (const run of shown) {
    Object.keys(run.swept ?? {}).forEach(key => swept.add(sweptColumn(key)));
    experiments.add(run.experiment);
  }
  return [
    "run", "status", "rank", "plateau_since", "loss", "steps", "transitions",
    ...(experiments.size > 1 ? ["experiment"] : []),
    ...swept,
  ];
}

const TITLES = { plateau_since: "plateau since", transitions: "escapes" };

/** Order of two runs by a column; what is not known comes last. */
export function order(column, descending) {
  return (a, b) => {
    const [left, right] = [value(a, column), value(b, column)];
    const missing = (left ?? null) === null ? 1 : 0;
    const others = (right ?? null) === null ? 1 : 0;
    if (missing || others) return missing - others || compare(a.run, b.run);
    return (descending ? -1 : 1) * compare(left, right) || compare(a.run, b.run);
  };
}

function compare(a, b) {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** A table whose rows are changed only where what they show has changed. */
export class Table {
  #host;
  #actions;
  #rows = new Map();
  #columns = "";
  #body;
  #headers = new Map();
  #order = "";

  /** @param actions {choose(id, more), sort(column)} */
  constructor(host, actions) {
    this.#host = host;
    this.#actions = actions;
  }

  /**
   * @param shown runs in their order
   * @param chosen color of each chosen run
   * @param sort {column, descending}
   */
  show(shown, chosen, sort) {
    const names = columns(shown);
    if (names.join() !== this.#columns) this.#begin(names);
    for (const [name, header] of this.#headers) {
      header.setAttribute("aria-sort", name !== sort.column ? "none" : sort.descending ? "descending" : "ascending");
    }
    const visible = shown.slice(0, MOST_ROWS);
    const ids = visible.map(run => run.run);
    visible.forEach(run => this.#fill(this.#rows.get(run.run) ?? this.#row(run.run), run, names, chosen));
    const order = ids.join();
    if (order !== this.#order) {
      this.#order = order;
      const focused = document.activeElement?.closest?.("tr.run");
      this.#body.replaceChildren(...ids.map(id => this.#rows.get(id).node));
      const kept = new Set(ids);
      for (const id of this.#rows.keys()) if (!kept.has(id)) this.#rows.delete(id);
      if (focused?.isConnected) focused.focus({ preventScroll: true });
    }
  }

  /** Goes to a row some steps away from the one with the focus. */
  move(steps) {
    const rows = [...this.#body.children];
    const at = rows.indexOf(document.activeElement?.closest?.("tr.run"));
    const next = rows[at < 0 ? 0 : Math.min(Math.max(at + steps, 0), rows.length - 1)];
    next?.focus();
  }

  /** Scrolls to the row of a run. */
  reveal(id) {
    const row = this.#rows.get(id)?.node;
    if (row) this.#host.scrollTop = row.offsetTop - this.#host.clientHeight / 2;
  }

  #begin(names) {
    this.#columns = names.join();
    this.#rows.clear();
    this.#order = "";
    this.#headers = new Map(names.map(name => [
      name,
      element("th", { scope: "col", title: name, class: textual(name) ? "" : "number" },
        element("button", { type: "button", onclick: () => this.#actions.sort(name) }, TITLES[name] ?? short(name))),
    ]));
    this.#body = element("tbody");
    this.#host.replaceChildren(
      element("table", {}, element("thead", {}, element("tr", {}, ...this.#headers.values())), this.#body));
  }

  #row(id) {
    const cells = this.#columns.split(",").map(name =>
      element("td", { class: name === "run" ? "id" : textual(name) ? name : `number ${name}` }));
    const node = element("tr", { class: "run", tabindex: "-1", "data-run": id }, ...cells);
    node.addEventListener("click", event => this.#actions.choose(id, event.ctrlKey || event.metaKey || event.shiftKey));
    const row = { node, cells, values: [], swatch: null, escapes: null };
    this.#rows.set(id, row);
    return row;
  }

  #fill(row, run, names, chosen) {
    names.forEach((name, i) => {
      const shown = cell(run, name);
      if (row.values[i] === shown) return;
      row.values[i] = shown;
      row.cells[i].textContent = number(shown);
      if (name === "status") row.cells[i].className = `status ${shown}`;
    });
    const status = row.cells[names.indexOf("status")];
    if (status.title !== (run.cause ?? "")) status.title = run.cause ?? "";
    const swatch = chosen.get(run.run) ?? "transparent";
    if (row.swatch !== swatch) {
      row.swatch = swatch;
      row.node.classList.toggle("chosen", chosen.has(run.run));
      row.cells[0].style.setProperty("--swatch", swatch);
    }
    const escapes = run.transitions_found.size;
    if (row.escapes !== null && escapes > row.escapes) {
      row.node.classList.add("fresh");
      setTimeout(() => row.node.classList.remove("fresh"), FRESH);
    }
    row.escapes = escapes;
  }
}

function textual(name) {
  return ["run", "experiment", "status"].includes(name);
}

function cell(run, name) {
  const shown = value(run, name);
  if (name === "plateau_since" && run.status === "running" && (shown ?? null) === null && run.loss !== undefined) return "–";
  return shown;
}
