/** A run: a server's processes under load, somebody who disturbs them, and the verdict. */
import { judge, type Complaint, type History } from './judge.ts';
import { startLoad, type Entry } from './load.ts';
import { settleAll } from './settle.ts';
import { setStage, type Stage, type StageOptions } from './stage.ts';

export interface RunOptions<Counts> extends Omit<StageOptions, 'processes'> {
  readonly disturb: (stage: Stage) => Promise<Counts>;
}

export interface Run<Counts> {
  readonly seed: number;
  readonly counts: Counts;
  readonly complaints: readonly Complaint[];
  readonly histories: readonly History[];
}

const PROCESSES = 6;
const CALLERS = 6;

export async function run<Counts>({ disturb, ...options }: RunOptions<Counts>): Promise<Run<Counts>> {
  const { seed, leaseMs } = options;
  await using stage = await setStage({ ...options, processes: PROCESSES });
  const load = startLoad({ ...stage, callers: CALLERS, leaseMs });
  const counts = await Promise.race([disturb(stage), load.failed]);
  stage.upstream.calmDown();
  await load.stop();
  await stage.upstream.idle();
  return { seed, counts, ...(await verdictOn(load.entries, stage)) };
}

/** Asks for every entry once more, and compares what is told of it with what happened. */
export async function verdictOn(
  entries: readonly Entry[],
  stage: Stage,
): Promise<Pick<Run<unknown>, 'complaints' | 'histories'>> {
  await settleAll(entries, stage);
  await stage.upstream.idle();
  const histories = await historiesOf(entries, stage);
  return { complaints: judge(histories, stage.mode), histories };
}

async function historiesOf(entries: readonly Entry[], { upstream, rows }: Stage): Promise<History[]> {
  const states = new Map((await rows.all()).map(({ key, state }) => [key, state]));
  return entries.map(({ name, heard }) => {
    const [posting] = upstream.postingsOf(name);
    const state = posting && states.get(posting.key);
    return { name, heard, effects: upstream.effectsOf(name), state };
  });
}
