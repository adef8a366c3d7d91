/** Servers with one fault each: what the tests here have to find out. */
import type { Change } from '../generated-tests/project.ts';

/** An expired lease means: run it again. */
export const TAKES_OVER_SENT: Change = {
  file: 'src/kernel/idempotency/transitions/moment.ts',
  from: "lapsed ? { ...operation, state: 'unknown',",
  to: "lapsed ? { ...operation, state: 'claimed',",
};

/** A commit is confirmed before it is on disk. */
export const COMMITS_WITHOUT_WAITING: Change = {
  file: 'src/kernel/idempotency/postgres-database.ts',
  from: 'SET LOCAL synchronous_commit = on;',
  to: 'SET LOCAL synchronous_commit = off;',
};

/** A call that is under way is no obstacle to another one. */
export const RUNS_WHAT_RUNS: Change = {
  file: 'src/kernel/idempotency/transitions/begin.ts',
  from: "    case 'sent':\n      return inProgress(operation, at);",
  to: "    case 'sent':\n      return claimed(takenOver(operation, claim, at));",
};

/** What a claim costs is counted once it stands, and not together with it. */
export const COUNTS_AFTERWARDS: Change = {
  file: 'src/kernel/idempotency/sqlite-store.ts',
  from: 'statements.raiseCounter.run({ name: counter, expiresAt });',
  to: 'setTimeout(() => statements.raiseCounter.run({ name: counter, expiresAt }), 100);',
};

/** A connection that broke, or an answer that never came, means: nothing was sent. */
export const TAKES_LOST_FOR_UNSENT: Change = {
  file: 'src/kernel/upstream/send.ts',
  from: "kind: connected ? 'lost' : 'not-sent'",
  to: "kind: 'not-sent'",
};
