/** Audit in a store: written in the order in which it happened, read again, and removed when its time is over. */
import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';

import { linkTo, type Link } from '../audit-chain.ts';
import { inspectAudit } from '../audit-findings.ts';
import type { AuditEvent } from '../audit.ts';
import type { AuditPart, KeptAudit } from '../settings.ts';
import type { AuditLog, AuditLogKind } from './audit-log.ts';
import { removeOld } from './remove-old.ts';

/** Audit that goes to a store of this kind. */
export function auditIn(kind: AuditLogKind): AuditPart {
  return {
    ...kind,
    open: async (address, { realm, retentionMs }) => keptAudit(await kind.open(address, realm), retentionMs),
  };
}

const MOST_AT_ONCE = 100;
const PAGE = 500;
const BETWEEN_REMOVALS_MS = 60 * 60_000;

interface Waiting {
  readonly event: AuditEvent;
  readonly kept: () => void;
  readonly failed: (error: unknown) => void;
}

export function keptAudit(log: AuditLog, retentionMs: number): KeptAudit {
  let waiting: readonly Waiting[] = [];
  let writing: Promise<void> | undefined;
  let [name, last]: [string, Link | undefined] = [randomUUID(), undefined];

  /** What arrives while lines are written is written together, after them. */
  async function writeAll(): Promise<void> {
    while (waiting.length > 0) {
      const batch = waiting.slice(0, MOST_AT_ONCE);
      waiting = waiting.slice(MOST_AT_ONCE);
      await writeTogether(batch);
    }
    writing = undefined;
  }

  async function writeTogether(batch: readonly Waiting[]): Promise<void> {
    let link = last;
    const links = batch.map(({ event }) => (link = linkTo(name, link, event)));
    try {
      await log.append(links.map(({ line, chain }) => ({ line, process: chain.process, sequence: chain.sequence })));
      last = link;
      for (const { kept } of batch) kept();
    } catch (error) {
      // Nobody knows whether they are there, so nothing can follow them: what comes next begins anew.
      [name, last] = [randomUUID(), undefined];
      for (const { failed } of batch) failed(error);
    }
  }

  // Whoever fails now tries again in an hour.
  const tidy = (): void => void removeOld(log, retentionMs).catch(() => {});
  const timer = setInterval(tidy, BETWEEN_REMOVALS_MS).unref();
  let isTidy = false;

  async function* lines(since?: number): AsyncGenerator<string> {
    for (let after: string | undefined; ;) {
      const page = await log.page({ after, since, limit: PAGE });
      for (const { line } of page) yield line;
      after = page.at(-1)?.position;
      if (page.length < PAGE) return;
    }
  }

  return {
    record: (event) =>
      new Promise((kept, failed) => {
        if (!isTidy) tidy();
        isTidy = true;
        waiting = [...waiting, { event, kept, failed }];
        writing ??= writeAll();
      }),
    lines,
    inspect: async () => {
      for (;;) {
        const ends = await log.ends();
        const inspection = await inspectAudit(lines(), ends);
        // What was removed meanwhile would be taken for tampered with.
        if (isDeepStrictEqual(await log.ends(), ends)) return inspection;
      }
    },
    close: async () => {
      clearInterval(timer);
      await writing;
      await log.close();
    },
  };
}
