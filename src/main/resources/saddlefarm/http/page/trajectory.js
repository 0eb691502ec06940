// The rows of a run: those that are stored, thinned by the farm, and after them those that it has told since.

import { read } from "./farm.js";
import { ended } from "./runs.js";

/** What x may be, with the name of its axis. */
export const AXES = { step: "step", time: "flow time", "log-time": "flow time" };

/** The plateaus of a run as stretches of an axis; one that was not left ends with the run's last row. */
export function stretches(run, axis) {
  return [...run.plateaus_found.values()].sort((a, b) => a.plateau - b.plateau).map(plateau => ({
    from: axis === "step" ? plateau.start_step : plateau.start_time,
    to: (axis === "step" ? plateau.end_step : plateau.end_time) ?? lastOf(run, axis),
    rank: plateau.rank,
  }));
}

/** The x of a run's last row. */
export function lastOf(run, axis) {
  return axis === "step" ? run.steps : run.flow_time;
}

export class Trajectory {
  step = [];
  time = [];
  loss = [];
  rank = [];
  #points = 0;
  #last = -1;

  /** @param run id */
  constructor(run) {
    this.run = run;
  }

  get empty() {
    return this.step.length === 0;
  }

  /** Whether what is stored was read once. */
  get isRead() {
    return this.#points > 0;
  }

  /** Whether the run has ended and was read to its end, so that reading it again tells nothing new. */
  isComplete(run, points) {
    return ended(run) && this.#points >= points && this.#last >= run.steps;
  }

  /** The x of every row. */
  over(axis) {
    return axis === "step" ? this.step : this.time;
  }

  /**
   * Reads what is stored; rows that were told and are not stored yet stay.
   *
   * @param points rows to ask for at most
   */
  async load(points) {
    const stored = await read(`runs/${this.run}/snapshots?points=${points}`);
    const last = stored.step.at(-1) ?? -1;
    [this.#points, this.#last] = [points, last];
    const later = this.step.findIndex(step => step > last);
    const kept = array => (later < 0 ? [] : array.slice(later));
    [this.step, this.time, this.loss, this.rank] = [
      stored.step.concat(kept(this.step)),
      stored.flow_time.concat(kept(this.time)),
      stored.loss.concat(kept(this.loss)),
      stored.rank.concat(kept(this.rank)),
    ];
    return this;
  }

  /** A row that the farm tells. One that goes back belongs to a run that was taken up again at its last commit. */
  add(row) {
    while (!this.empty && this.step.at(-1) >= row.step) {
      [this.step, this.time, this.loss, this.rank].forEach(array => array.pop());
    }
    this.step.push(row.step);
    this.time.push(row.flow_time);
    this.loss.push(row.loss);
    this.rank.push(row.rank);
  }

  /** The value at an x between two rows, or null beyond them. */
  lossAt(x, axis) {
    const xs = this.over(axis);
    return this.#lossBefore(after(xs, x), x, xs);
  }

  /** The same at many x, which ascend. */
  lossesAt(grid, axis) {
    const xs = this.over(axis);
    let i = 0;
    return grid.map(x => {
      while (i < xs.length && xs[i] <= x) i++;
      return this.#lossBefore(i, x, xs);
    });
  }

  #lossBefore(i, x, xs) {
    if (i === 0) return null;
    if (i === xs.length) return x > xs[i - 1] ? null : this.loss[i - 1];
    const share = (x - xs[i - 1]) / (xs[i] - xs[i - 1]);
    const [a, b] = [this.loss[i - 1], this.loss[i]];
    return a > 0 && b > 0 ? a * (b / a) ** share : a + share * (b - a);
  }

  /** The row at an x or before it. */
  before(x, axis) {
    return Math.max(after(this.over(axis), x) - 1, 0);
  }

  /** The step at which the flow time was so much; null where it was not yet. */
  stepAt(time) {
    if (this.empty || time > this.time.at(-1)) return null;
    const i = after(this.time, time);
    if (i === 0 || i === this.time.length) return this.step[Math.max(i - 1, 0)];
    const share = (time - this.time[i - 1]) / (this.time[i] - this.time[i - 1]);
    return this.step[i - 1] + share * (this.step[i] - this.step[i - 1]);
  }
}

/** The first index whose value is greater. */
function after(values, x) {
  let [low, high] = [0, values.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (values[middle] <= x) low = middle + 1;
    else high = middle;
  }
  return low;
}
