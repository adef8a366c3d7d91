/** Removes audit whose time is over, and remembers for each process where what was removed ended. */
import { hashOfLine } from '../audit-chain.ts';
import type { LastOf } from '../audit-findings.ts';
import type { AuditLog } from './audit-log.ts';

const PAGE = 500;

/** The oldest lines only, up to the first that is younger: so no process loses lines from its middle. Answers how many. */
export async function removeOld(log: AuditLog, retentionMs: number): Promise<number> {
  const latest = (await log.now()) - retentionMs;
  for (let removed = 0; ;) {
    const page = await log.page({ limit: PAGE });
    const firstKept = page.findIndex(({ at }) => at > latest);
    const old = firstKept === -1 ? page : page.slice(0, firstKept);
    const upTo = old.at(-1)?.position;
    if (upTo === undefined) return removed;
    const ends = old.map(({ process: name, sequence, line }): [string, LastOf] => [
      name,
      { sequence, hash: hashOfLine(line) },
    ]);
    await log.remove(upTo, new Map(ends));
    removed += old.length;
    if (old.length < PAGE) return removed;
  }
}
