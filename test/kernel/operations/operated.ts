/** The command of operators as a process of its own: `node operated.ts <command>`. */
import { postgres } from '../../../templates/kernel/idempotency/postgres.ts';
import { redis } from '../../../templates/kernel/idempotency/redis.ts';
import { sqlite } from '../../../templates/kernel/idempotency/sqlite.ts';
import { runOperations } from '../../../templates/kernel/operations/command-line.ts';
import { writesOn } from '../../../templates/kernel/pipeline/write-path.ts';
import { serverWith } from './declaration.ts';

// An upstream without its address: operators need none of it.
const upstream = {
  name: 'billing',
  baseUrl: { env: 'BILLING_URL' },
  allowedHosts: ['billing.example'],
  credential: { type: 'bearer', token: { secret: 'BILLING_TOKEN' } },
  timeoutMs: 1_000,
  attempts: 1,
  maxDelayMs: 1_000,
  maxResponseBytes: 1_000,
} as const;
const kinds = [
  ['postgres', postgres],
  ['redis', redis],
] as const;
const operationsScope = process.env['OPERATIONS_SCOPE'] || undefined;

await runOperations(
  serverWith({ upstreams: [upstream], ...(operationsScope === undefined ? {} : { operationsScope }) }),
  { writes: writesOn(kinds.find(([name]) => name === process.env['STORE'])?.[1] ?? sqlite) },
);
