/** A server whose handler forgets a promise that fails: `node forgetful.ts`. */
import { start } from '../../../templates/kernel/start.ts';
import type { Tool } from '../../../templates/kernel/tool.ts';
import { serveStdio } from '../../../templates/kernel/transport/stdio.ts';

const forget: Tool = {
  definition: {
    name: 'forget',
    inputSchema: { type: 'object' },
    annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  },
  policy: { mutability: 'read-only', scopes: [], roles: [], sensitive: [] },
  errors: [],
  handler: async () => {
    void Promise.reject(new Error('no answer from postgres://app:hunter2@db/billing'));
    await new Promise((resolve) => setImmediate(resolve));
    return 'answered';
  },
  validators: () => Promise.resolve({ input: () => true }),
};

const server = { name: 'forgetful', version: '1.0.0', scopes: {}, roles: {}, upstreams: [], retentionMs: 1_000 };
await start({ ...server, tools: [forget] }, { stdio: serveStdio });
