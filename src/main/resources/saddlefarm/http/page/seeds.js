// Runs that differ in nothing but their seeds, as a median and the quartiles around it.

import { ended, short } from "./runs.js";
import { number } from "./text.js";

const POINTS = 240;

/**
 * Runs by what is asked of them but for seeds: [{name, values, runs}], in order of these values, and in each the runs in that of
 * their ids. An id is a hash: the first of a group are as good a sample of it as any.
 */
export function groups(shown) {
  const found = new Map();
  for (const run of shown) {
    const rest = Object.entries(run.swept ?? {}).filter(([key]) => short(key) !== "seed");
    const key = JSON.stringify([run.experiment, rest]);
    if (!found.has(key)) {
      const name = [run.experiment, ...rest.map(([key, value]) => `${short(key)} ${number(value)}`)].join(", ");
      found.set(key, { name, values: [run.experiment, ...rest.map(([, value]) => value)], runs: [] });
    }
    found.get(key).runs.push(run);
  }
  for (const { runs } of found.values()) runs.sort((a, b) => (a.run < b.run ? -1 : 1));
  return [...found.values()].sort((a, b) => compare(a.values, b.values));
}

/** The first run of each group, then the second of each: of however many, as many of each group as it has. */
export function inTurn(groups) {
  const most = Math.max(0, ...groups.map(group => group.runs.length));
  return Array.from({ length: most }, (unused, i) => groups.flatMap(group => group.runs[i] ?? [])).flat();
}

function compare(some, others) {
  const i = some.findIndex((value, i) => value !== others[i]);
  return i < 0 ? 0 : some[i] < others[i] ? -1 : 1;
}

/**
 * Median and quartiles of the loss over a grid, where at least half of the runs have come. One that has ended counts with
 * its last loss: without it the others' median would jump there.
 *
 * @param members [{trajectory, run}], trajectories not empty
 */
export function quartiles(members, axis) {
  const log = axis === "log-time";
  const ends = members.map(({ trajectory }) => trajectory.over(axis).at(-1));
  const last = Math.max(...ends);
  const starts = members.map(({ trajectory }) => trajectory.over(axis).find(x => !log || x > 0) ?? last);
  const first = Math.min(...starts);
  const grid = Array.from({ length: POINTS + 1 }, (unused, i) => i / POINTS)
    .map(share => (log ? first * (last / first) ** share : first + share * (last - first)));
  const losses = members.map(({ trajectory, run }, i) => {
    const beyond = ended(run) ? trajectory.loss.at(-1) : null;
    return trajectory.lossesAt(grid, axis).map((loss, at) => (grid[at] > ends[i] ? beyond : loss));
  });
  const result = { xs: [], lower: [], median: [], upper: [] };
  for (const [i, x] of grid.entries()) {
    const values = Float64Array.from(losses.map(each => each[i]).filter(value => value !== null)).sort();
    if (values.length > 0 && 2 * values.length >= members.length) {
      result.xs.push(x);
      result.lower.push(quantile(values, 0.25));
      result.median.push(quantile(values, 0.5));
      result.upper.push(quantile(values, 0.75));
    }
  }
  return result;
}

function quantile(sorted, share) {
  const at = share * (sorted.length - 1);
  const [low, high] = [sorted[Math.floor(at)], sorted[Math.ceil(at)]];
  return low + (at - Math.floor(at)) * (high - low);
}
