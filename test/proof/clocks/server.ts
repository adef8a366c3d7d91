/** A server with one tool that writes, once in each window of time. */
import { args } from '../../../templates/kernel/expression.ts';
import type { OperationStore } from '../../../templates/kernel/idempotency/store.ts';
import { writePath } from '../../../templates/kernel/pipeline/write-path.ts';
import type { Occurrence } from '../../../templates/kernel/policy.ts';
import { createRuntime } from '../../../templates/kernel/runtime.ts';
import type { Tool } from '../../../templates/kernel/tool.ts';

const CALLER = { subject: 'ada', run: 'run-1', scopes: new Set<string>(), roles: new Set<string>() };

export interface FollowUpOptions {
  readonly store: OperationStore;
  readonly occurrence: Occurrence;
  readonly effect: () => void;
}

/** Calls the tool. Gives `executed`, `replayed`, or the code of the error. */
export function followUpCaller({ store, occurrence, effect }: FollowUpOptions): () => Promise<string> {
  const log = () => {};
  const runtime = createRuntime(
    {
      name: 'crm',
      version: '1.0.0',
      scopes: {},
      roles: {},
      upstreams: [],
      tools: [followUp(occurrence, effect)],
      retentionMs: 86_400_000,
    },
    {
      settings: {
        environment: 'test',
        writes: true,
        upstreams: new Map(),
        leaseMs: 60_000,
        deadlineMs: 20_000,
        limits: { maxBodyBytes: 1_000, maxDepth: 4, maxElements: 10 },
      },
      writePath: writePath(store, 86_400_000),
      audit: { record: log },
      log: { info: log, warn: log, error: log },
    },
  );
  return async () => {
    const reply = await runtime.callTool({ name: 'follow_up', arguments: { customer: 'c-1' }, caller: CALLER });
    if (reply.isError !== true) return reply._meta?.['hardened-mcp/replayed'] === true ? 'replayed' : 'executed';
    const [block] = reply.content;
    return block?.type === 'text' ? String(JSON.parse(block.text).error.code) : '';
  };
}

function followUp(occurrence: Occurrence, effect: () => void): Tool {
  return {
    definition: {
      name: 'follow_up',
      inputSchema: { type: 'object' },
      annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: true },
    },
    policy: {
      mutability: 'additive',
      scopes: [],
      roles: [],
      idempotency: { strategy: 'derived-key', key: [args('/customer')], occurrence, recovery: 'quarantine' },
      sensitive: [],
    },
    errors: [],
    handler() {
      effect();
      return { sent: true };
    },
    validators: async () => ({ input: () => true }),
  };
}
