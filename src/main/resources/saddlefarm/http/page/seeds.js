// Runs that differ in nothing but their seeds, as a median and the quartiles around it.

import { ended, short } from "./runs.js";
import { number } from "./text.js";

const POINTS = 240;

/** Runs by what is asked of them but for seeds; in the order of the runs. */
export function groups(shown) {
  const found = new Map();
  for (const run of shown) {
    const rest = Object.entries(run.swept ?? {}).filter(([key]) => short(key) !== "seed");
    const name = [run.experiment, ...rest.map(([key, value]) => `${short(key)} ${number(value)}`)].join(", ");
    found.set(name, [...(found.get(name) ?? []), run]);
  }
  return found;
}

/**
 * Median and quartiles of the loss over a grid, where at least half of the runs have come. One that has ended counts with
 * its last loss: without it the others' median would jump there.
 *
 * @param members [{trajectory, run}], trajectories not empty
 */
export function quartiles(members, axis) {
  const trajectories = members.map(member => member.trajectory);
  const log = axis === "log-time";
  const ends = trajectories.map(each => each.over(axis).at(-1));
  const last = Math.max(...ends);
  const starts = trajectories.map(each => each.over(axis).find(x => !log || x > 0) ?? last);
  const first = Math.min(...starts);
  const result = { xs: [], lower: [], median: [], upper: [] };
  for (let i = 0; i <= POINTS; i++) {
    const share = i / POINTS;
    const x = log ? first * (last / first) ** share : first + share * (last - first);
    const values = members
      .map(({ trajectory, run }) => trajectory.lossAt(ended(run) ? Math.min(x, trajectory.over(axis).at(-1)) : x, axis))
      .filter(value => value !== null).sort((a, b) => a - b);
    if (values.length > 0 && 2 * values.length >= trajectories.length) {
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
