/** Declared tools for tests, and their execution against an upstream. */
import type { Execution } from '../../../templates/kernel/execution.ts';
import type { JsonObject } from '../../../templates/kernel/json.ts';
import type { IdempotencyPolicy, Mutability } from '../../../templates/kernel/policy.ts';
import type { Prepared, Reach, Settings } from '../../../templates/kernel/settings.ts';
import type { RequestDeclaration, Tool, ToolValidators, UpstreamDeclaration } from '../../../templates/kernel/tool.ts';
import { prepareRequest } from '../../../templates/kernel/upstream/prepare-request.ts';

export function declareTool(about: {
  readonly mutability?: Mutability;
  readonly idempotency?: IdempotencyPolicy;
  readonly request?: Partial<RequestDeclaration>;
  readonly errors?: Tool['errors'];
}): Tool {
  return {
    definition: {
      name: 'tool',
      inputSchema: { type: 'object' },
      annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: true },
    },
    policy: {
      mutability: about.mutability ?? 'read-only',
      ...(about.idempotency === undefined ? {} : { idempotency: about.idempotency }),
      scopes: [],
      roles: [],
      sensitive: [],
    },
    errors: about.errors ?? [],
    request: { upstream: 'api', method: 'GET', path: ['things'], contentType: 'json', ...about.request },
    validators: () => Promise.resolve({ input: () => true }),
  };
}

export function settingsFor(
  baseUrl: URL,
  declaration: Partial<UpstreamDeclaration> = {},
  reach: Reach = 'this-machine',
): Settings {
  return {
    environment: 'test',
    writes: true,
    leaseMs: 60_000,
    deadlineMs: 30_000,
    limits: { maxBodyBytes: 1_000_000, maxDepth: 32, maxElements: 10_000 },
    upstreams: new Map([
      [
        'api',
        {
          baseUrl,
          reach,
          authorize: (headers: Headers) => headers.set('authorization', 'Bearer secret'),
          declaration: {
            name: 'api',
            baseUrl: { value: baseUrl.href },
            allowedHosts: ['127.0.0.1'],
            credential: { type: 'none' },
            timeoutMs: 10_000,
            attempts: 1,
            maxDelayMs: 5_000,
            maxResponseBytes: 10_000,
            ...declaration,
          },
        },
      ],
    ]),
  };
}

/** Sends again by setting the value again. */
export const SET_AGAIN: IdempotencyPolicy = { strategy: 'natural', recovery: 'send-again' };
/** The upstream has one effect for each key. */
export const KEYED: IdempotencyPolicy = {
  strategy: 'derived-key',
  key: [],
  recovery: 'resend',
  upstreamKey: { retentionMs: 86_400_000 },
};

export interface ExecuteOptions {
  readonly tool?: Tool;
  readonly args?: JsonObject;
  readonly upstream?: Partial<UpstreamDeclaration>;
  readonly reach?: Reach;
  readonly conditions?: ToolValidators['conditions'];
  readonly signal?: AbortSignal;
  readonly mayStillSend?: () => boolean;
}

export function prepare(baseUrl: URL, options: ExecuteOptions = {}): Promise<Prepared> {
  return prepareRequest({
    tool: options.tool ?? declareTool({}),
    scope: { args: options.args ?? {}, principal: { subject: 'ann', tenant: 'acme' }, operationKey: 'key-1' },
    settings: settingsFor(baseUrl, options.upstream, options.reach),
    conditions: options.conditions,
    signal: options.signal ?? new AbortController().signal,
  });
}

export async function execute(baseUrl: URL, options: ExecuteOptions = {}): Promise<Execution> {
  const prepared = await prepare(baseUrl, options);
  if (prepared.kind === 'refused') return prepared.execution;
  const { signal = new AbortController().signal, mayStillSend = () => true } = options;
  return prepared.send({ signal, mayStillSend });
}

/** The error of an execution that did not succeed. */
export function errorOf(execution: Execution) {
  if (execution.kind === 'succeeded') throw new Error(`It succeeded: ${JSON.stringify(execution.result)}`);
  return execution.error;
}
