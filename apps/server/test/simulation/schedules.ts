import { runSchedule, type Tally } from './schedule.ts';

/** The one seed that is run instead of all: what a failure names. `5000-6000` runs all of these. */
const REPLAY = process.env.NEGATOSCOPE_SIMULATION_SEED;
const MAX_FAILURES = 10;

function seedsOf(text: string): number[] {
  const [first = 0, last = first] = text.split('-').map(Number);
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

/** Runs the schedules of the seeds from 1 on. Fails with the seeds that fail, each with what is wrong. */
export async function runSchedules(count: number): Promise<Tally> {
  const total: Tally = { acknowledged: 0, refused: 0, stops: 0, unknown: 0, calls: 0 };
  const seeds = REPLAY === undefined ? Array.from({ length: count }, (_, index) => index + 1) : seedsOf(REPLAY);
  const failed: string[] = [];
  for (const seed of seeds) {
    try {
      const tally = await runSchedule(seed);
      for (const key of Object.keys(total) as (keyof Tally)[]) total[key] += tally[key]; // Its own keys.
    } catch (error) {
      failed.push(`NEGATOSCOPE_SIMULATION_SEED=${seed}: ${error instanceof Error ? error.message : String(error)}`);
      if (failed.length === MAX_FAILURES) break;
    }
  }
  const { acknowledged, refused, stops, unknown, calls } = total;
  console.info(
    `${seeds.length} schedules: ${acknowledged} instances acknowledged, ${refused} requests refused, ${stops} stops, ${unknown} outcomes unknown, ${calls} calls`,
  );
  if (failed.length > 0) throw new Error(`A schedule is replayed with its seed:\n${failed.join('\n')}`);
  return total;
}
