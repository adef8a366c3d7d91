import { complaintsOf, tally } from '../../test/crash/report.ts';
/** Says what a run came to, and what there is to complain of. */
import type { Run } from '../../test/crash/run.ts';

/** `false` where there is anything. */
export function printRun(run: Run<unknown>): boolean {
  const calls = run.histories.reduce((sum, { heard }) => sum + heard.length, 0);
  console.log(`${run.histories.length} entries, ${calls} calls`);
  for (const [what, count] of Object.entries(outcomes(run))) console.log(`  ${count} ${what}`);
  if (run.complaints.length === 0) {
    console.log('Nothing to complain of');
    return true;
  }
  for (const [rule, count] of Object.entries(tally(run.complaints))) console.log(`  ${count} ${rule}`);
  for (const line of complaintsOf(run).slice(0, 20)) console.log(line);
  return false;
}

/** Operations by their state in the store and their number of effects. */
function outcomes({ histories }: Run<unknown>): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { state = 'never at the ledger', effects } of histories) {
    const what = `${state}, ${effects.length} effects`;
    counts[what] = (counts[what] ?? 0) + 1;
  }
  return counts;
}
