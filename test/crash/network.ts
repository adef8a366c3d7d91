/** Breaks the exchange with the ledger at every byte, and compares what is told with what happened. */
import { allFaults, faultOf, nameOf, UNDISTURBED } from './faults.ts';
import { startFaultyLink, type FaultyLink } from './faulty-link.ts';
import { callOnce, type Entry } from './load.ts';
import { verdictOn, type Run } from './run.ts';
import { setStage, type StageOptions } from './stage.ts';
import { CALM } from './upstream.ts';

export interface NetworkOptions extends Pick<StageOptions, 'store' | 'mode' | 'seed' | 'change'> {
  /** Every position, or one of so many. */
  readonly step: number;
}

const LEASE_MS = 5_000;
/** How long a stalled exchange is waited for. */
const TIMEOUT_MS = 300;
const AT_ONCE = 48;
const PROCESSES = 2;

export async function runOverFaultyLink({ step, ...options }: NetworkOptions): Promise<Run<number>> {
  const links: FaultyLink[] = [];
  await using stage = await setStage({
    ...options,
    leaseMs: LEASE_MS,
    timeoutMs: TIMEOUT_MS,
    processes: PROCESSES,
    conduct: (_, name) => {
      const fault = faultOf(name);
      return fault === undefined ? CALM : { ...CALM, ending: fault.ending, framing: fault.framing };
    },
    link: async (url) => {
      const link = await startFaultyLink(url);
      links.push(link);
      return link;
    },
  });
  await callOnce({ name: UNDISTURBED, heard: [] }, stage.fleet.pick(stage.pick), stage);

  const faults = links.flatMap((link) => allFaults(link.lengths(), step));
  const entries: Entry[] = faults.map((fault) => ({ name: nameOf(fault), heard: [] }));
  const rest = entries.values();
  const callNext = async (): Promise<void> => {
    for (const entry of rest) await callOnce(entry, stage.fleet.pick(stage.pick), stage);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, callNext));
  stage.upstream.calmDown();
  return { seed: options.seed, counts: entries.length, ...(await verdictOn(entries, stage)) };
}
