/** A server of handler tools on a real SQLite store, for driving the pipeline without a transport. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterEach } from 'vitest';

import type { AuditEvent, ToolCallEvent } from '../../../templates/kernel/audit.ts';
import type { Caller } from '../../../templates/kernel/caller.ts';
import { KnownSecrets } from '../../../templates/kernel/config/known-secrets.ts';
import type { ErrorBody } from '../../../templates/kernel/failure.ts';
import type { AnyHandler } from '../../../templates/kernel/handler.ts';
import { openSqliteStore } from '../../../templates/kernel/idempotency/sqlite-store.ts';
import type { OperationStore } from '../../../templates/kernel/idempotency/store.ts';
import type { JsonObject } from '../../../templates/kernel/json.ts';
import { createLogger } from '../../../templates/kernel/log.ts';
import type { RequestRate } from '../../../templates/kernel/pipeline/call.ts';
import { writePath } from '../../../templates/kernel/pipeline/write-path.ts';
import type { Policy } from '../../../templates/kernel/policy.ts';
import { createRuntime, type Runtime, type ToolCall } from '../../../templates/kernel/runtime.ts';
import type { Settings } from '../../../templates/kernel/settings.ts';
import type { ServerDeclaration, ServerLimits, Tool } from '../../../templates/kernel/tool.ts';
import type { Tracing } from '../../../templates/kernel/tracing.ts';
import { upstreamPart } from '../../../templates/kernel/upstream/part.ts';

const inputAjv = new Ajv2020({ allErrors: true, strict: false, ownProperties: true, useDefaults: true });
const outputAjv = new Ajv2020({ allErrors: true, strict: false, ownProperties: true, removeAdditional: true });

export interface ToolOptions {
  readonly name?: string;
  readonly policy?: Partial<Policy>;
  readonly errors?: Tool['errors'];
  readonly input?: JsonObject;
  readonly output?: JsonObject;
}

/** A handler tool; by default one that refunds, with key `/invoice_id`. */
export function toolOf(handler: AnyHandler, options: ToolOptions = {}): Tool {
  const input: JsonObject & { readonly type: 'object' } = { ...(options.input ?? REFUND_INPUT), type: 'object' };
  const { output } = options;
  return {
    definition: {
      name: options.name ?? 'issue_refund',
      inputSchema: input,
      ...(output === undefined ? {} : { outputSchema: output }),
      annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: true },
    },
    policy: { ...(options.policy?.mutability === 'read-only' ? READ_POLICY : WRITE_POLICY), ...options.policy },
    errors: options.errors ?? [],
    handler,
    validators: async () => ({
      input: inputAjv.compile(input),
      ...(output === undefined ? {} : { output: outputAjv.compile(output) }),
    }),
  };
}

export const REFUND_INPUT: JsonObject = {
  type: 'object',
  additionalProperties: false,
  required: ['invoice_id', 'amount'],
  properties: {
    invoice_id: { type: 'string', maxLength: 20 },
    amount: { type: 'integer', minimum: 1, maximum: 10_000 },
    reason: { type: 'string', maxLength: 1_000, default: 'none given' },
  },
};

export const READ_POLICY: Policy = { mutability: 'read-only', scopes: ['read'], roles: [], sensitive: [] };

const WRITE_POLICY: Policy = {
  mutability: 'irreversible',
  scopes: ['refunds:write'],
  roles: [],
  sensitive: [],
  idempotency: { strategy: 'natural', recovery: 'send-again' },
};

export const ada: Caller = {
  subject: 'ada',
  tenant: 'acme',
  run: 'run-1',
  scopes: new Set(['read', 'refunds:write']),
  roles: new Set(['support']),
};

export const SETTINGS: Settings = {
  environment: 'test',
  writes: true,
  upstreams: new Map(),
  leaseMs: 60_000,
  deadlineMs: 20_000,
  limits: { maxBodyBytes: 1_000_000, maxDepth: 8, maxElements: 50 },
};

const disposals: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const dispose of disposals.splice(0).toReversed()) await dispose();
});

/** A store file of this test's own. */
export function freshPath(): string {
  const folder = mkdtempSync(join(tmpdir(), 'pipeline-'));
  disposals.push(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, 'operations.sqlite');
}

export interface Running {
  readonly runtime: Runtime;
  readonly store: OperationStore;
  readonly audit: AuditEvent[];
  /** The events of calls among them. */
  calls(): readonly ToolCallEvent[];
  /** JSON of everything that was logged. */
  readonly logged: string[];
  call(args: unknown, more?: Partial<ToolCall>): Promise<Reply>;
  /** As `kill -9` does: from now on the server neither hears from its store nor changes it. */
  kill(): void;
}

export interface ServerOptions {
  readonly tools: readonly Tool[];
  readonly path?: string;
  readonly settings?: Partial<Settings>;
  readonly name?: string;
  readonly limits?: ServerLimits;
  /** Puts something around the store, such as a fault. */
  readonly wrap?: (store: OperationStore) => OperationStore;
  readonly onAudit?: (event: AuditEvent) => void | Promise<void>;
  readonly requestRate?: RequestRate;
  readonly tracing?: Tracing;
}

export const RETENTION_MS = 86_400_000;

export function serverOf(tools: readonly Tool[], name = 'billing'): ServerDeclaration {
  return { name, version: '1.0.0', scopes: {}, roles: {}, upstreams: [], tools, retentionMs: RETENTION_MS };
}

export function run({
  tools,
  path = freshPath(),
  settings,
  limits,
  requestRate,
  tracing,
  ...more
}: ServerOptions): Running {
  const opened = openSqliteStore({ path, retentionMs: RETENTION_MS });
  const { store: mortal, kill } = mortalStore(opened);
  const store = more.wrap?.(mortal) ?? mortal;
  const audit: AuditEvent[] = [];
  const logged: string[] = [];
  const record = more.onAudit ?? ((event: AuditEvent) => void audit.push(event));
  const writes = writePath(store, RETENTION_MS);
  const server = serverOf(tools, more.name);
  const runtime = createRuntime(limits === undefined ? server : { ...server, limits }, {
    settings: { ...SETTINGS, ...settings },
    upstreams: upstreamPart,
    writePath: writes,
    requestRate,
    tracing,
    audit: { record },
    log: createLogger(new KnownSecrets(), (line) => void logged.push(line)),
  });
  disposals.push(async () => {
    // What hangs in a test that killed its server must not hold up the next one: its background work is told to stop.
    void writes.close();
    await opened.close();
  });
  const first = tools[0]?.definition.name ?? '';
  const call: Running['call'] = async (args, more) =>
    readReply(await runtime.callTool({ name: first, arguments: args, caller: ada, ...more }));
  const calls = () => audit.filter((event) => event.event === 'tool_call');
  return { runtime, store: opened, audit, calls, logged, call, kill };
}

function mortalStore(opened: OperationStore): { readonly store: OperationStore; readonly kill: () => void } {
  let isDead = false;
  const store = new Proxy(opened, {
    get: (target, method, receiver): unknown => {
      const work = Reflect.get(target, method, receiver) as (...given: unknown[]) => Promise<unknown>;
      return async (...given: unknown[]) => {
        if (isDead) return new Promise(() => {});
        const result = await work(...given);
        return isDead ? new Promise(() => {}) : result;
      };
    },
  });
  return { store, kill: () => (isDead = true) };
}

export interface Reply {
  readonly ok: boolean;
  /** The one text block, as sent. */
  readonly text: string;
  readonly structured: unknown;
  readonly meta: Readonly<Record<string, unknown>> | undefined;
  readonly error: Partial<ErrorBody>;
}

function readReply(result: Awaited<ReturnType<Runtime['callTool']>>): Reply {
  const { _meta: meta } = result;
  const [block] = result.content;
  const text = block?.type === 'text' ? block.text : '';
  const envelope = result.isError === true ? (JSON.parse(text) as { error: ErrorBody }) : undefined;
  return {
    ok: envelope === undefined,
    text,
    structured: result.structuredContent,
    meta,
    error: envelope?.error ?? {},
  };
}

/** As if so much time had passed by the store's clock, but for the windows of caps. */
export function passTime(path: string, ms: number): void {
  const at = (place: string) => `json_extract(details, '$.${place}')`;
  const earlier = (place: string) =>
    `details = CASE WHEN ${at(place)} IS NULL THEN details ELSE json_set(details, '$.${place}', ${at(place)} - ${ms}) END`;
  edit(
    path,
    `UPDATE operations SET lease_until = lease_until - ${ms}, created_at = created_at - ${ms},
       updated_at = updated_at - ${ms}, stands_until = stands_until - ${ms}, ${earlier('firstSent.at')};
     UPDATE operations SET ${earlier('approval.expiresAt')};
     UPDATE outbox SET at = at - ${ms};`,
  );
}

/** Runs SQL on the store's file. */
export function edit(path: string, sql: string): void {
  const database = new DatabaseSync(path);
  try {
    database.exec(`PRAGMA busy_timeout = 5000; ${sql}`);
  } finally {
    database.close();
  }
}

/** A handler that counts its effects. */
export function counting(answer: AnyHandler = () => ({ ok: true })) {
  const effects: JsonObject[] = [];
  const handler: AnyHandler = (args, ctx) => {
    effects.push(args);
    return answer(args, ctx);
  };
  return { effects, handler };
}
