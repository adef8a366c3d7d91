/** A server without a transport: lists its tools and calls them. Transports and tests drive this. */
import { setTimeout as sleep } from 'node:timers/promises';

import type { CallToolResult } from '@modelcontextprotocol/server';

import type { AuditEvent } from './audit.ts';
import type { Caller } from './caller.ts';
import { auditEvent, verdictOf, type Verdict } from './pipeline/audit-call.ts';
import { holdsScopes, mayCall, writes } from './pipeline/authorize.ts';
import { callTool } from './pipeline/call-tool.ts';
import {
  UnknownTool,
  type Kernel,
  type LoadedTool,
  type RuntimeOptions,
  type ToolCall,
  type Trail,
  type WritePath,
} from './pipeline/call.ts';
import { internal, Refusal, scopeMissing } from './pipeline/errors.ts';
import { newOperationId, realmOf } from './pipeline/operation-id.ts';
import { replyWith } from './pipeline/reply.ts';
import type { Settings } from './settings.ts';
import type { ServerDeclaration, Tool, ToolDefinition, ToolValidators } from './tool.ts';
import type { CallEnd, Tracing } from './tracing.ts';

export { UnknownTool, type RuntimeOptions, type ToolCall, type WritePath } from './pipeline/call.ts';

export interface Runtime {
  /** What this caller may call, in manifest order. */
  listTools(caller: Caller): readonly ToolDefinition[];
  /** Never throws but for `UnknownTool`: a failed call is a result with `isError` and the error envelope as its text. */
  callTool(call: ToolCall): Promise<CallToolResult>;
  /**
   * Where the caller has not the scopes of the tool: all that it needs, and the call's answer, which is on record.
   * `undefined`: the call is to be made.
   */
  refuseUnscoped(call: ToolCall): UnscopedCall | undefined;
  /** Puts on record a call that the protocol refuses before it gets here. */
  noteMalformed(call: Pick<ToolCall, 'name' | 'caller'>): void;
  /** How many calls have no answer yet, whether or not their clients still wait. */
  callsUnderWay(): number;
  /** Waits for calls under way (bounded), then closes the store. */
  close(): Promise<void>;
}

export interface UnscopedCall {
  readonly scopes: readonly string[];
  readonly result: CallToolResult;
}

const LONGEST_CLOSE_MS = 10_000;

/** Throws where a tool writes and there is no write path. What a call costs does not grow with the number of tools. */
export function createRuntime(server: ServerDeclaration, options: RuntimeOptions): Runtime {
  const { upstreams, writePath, audit, log, tracing } = options;
  const settings = tracing === undefined ? options.settings : tracedSettings(options.settings, tracing);
  if (server.limits?.requestsPerMinute !== undefined && options.requestRate === undefined) {
    throw new Error(`${server.name} limits requests, so it needs the part that counts them`);
  }
  const underWay = new Set<Promise<unknown>>();
  let calls = 0;
  const realm = realmOf(server.name, settings.environment);
  const tools = loadTools(server, writePath);
  const kernel: Kernel = {
    server: server.name,
    realm,
    settings,
    tools,
    upstreams,
    writePath,
    limits: server.limits ?? {},
    requestRate: options.requestRate,
    audit,
    log,
    deliver: (event) => track(deliver(event)),
    background: (work) => track(work.catch((error: unknown) => log.error('Background work failed', {}, error))),
  };

  writePath?.start(kernel);

  function track(work: Promise<unknown>): void {
    underWay.add(work);
    void work.finally(() => underWay.delete(work));
  }

  function newTrail(): Trail {
    return { operationId: newOperationId(realm), startedAt: performance.now(), arguments: {}, sent: false };
  }

  function refuseUnscoped(call: ToolCall): UnscopedCall | undefined {
    const loaded = tools.get(call.name);
    if (loaded === undefined || holdsScopes(loaded.tool.policy, call.caller)) return undefined;
    const { scopes } = loaded.tool.policy;
    const error = scopeMissing(call.name, scopes);
    track(traced(call, (ended) => record(call, { ...newTrail(), loaded }, { verdict: { ...REFUSED, error }, ended })));
    return { scopes, result: replyWith({ ok: false, error }, { structured: false }) };
  }

  function noteMalformed({ name, caller }: Pick<ToolCall, 'name' | 'caller'>): void {
    const call = { name, caller, arguments: {} };
    const verdict: Verdict = { ...REFUSED, error: { code: 'INVALID_ARGUMENTS', category: 'invalid_input' } };
    track(traced(call, (ended) => record(call, newTrail(), { verdict, ended })));
  }

  async function answerCall(call: ToolCall, ended: Ended): Promise<CallToolResult> {
    const trail = newTrail();
    try {
      const answer = await callTool(kernel, call, trail);
      await record(call, trail, { verdict: verdictOf(answer), ended });
      return replyWith(answer.outcome, { structured: isStructured(trail), ...answer });
    } catch (error) {
      if (error instanceof UnknownTool) {
        const verdict: Verdict = { ...REFUSED, error: { code: 'UNKNOWN_TOOL', category: 'not_found' } };
        await record(call, trail, { verdict, ended });
        throw error;
      }
      const body = error instanceof Refusal ? error.body : unexpected(error, call, trail);
      const decision = error instanceof Refusal ? 'refused' : 'failed';
      await record(call, trail, { verdict: { ...REFUSED, decision, executed: body.executed, error: body }, ended });
      return replyWith({ ok: false, error: body }, { structured: false });
    }
  }

  function unexpected(error: unknown, call: ToolCall, { operationId, sent }: Trail) {
    log.error('A call failed unexpectedly', { tool: call.name, operation_id: operationId }, error);
    return internal(operationId, sent ? 'unknown' : 'no');
  }

  /** An event that has an entry in the store's outbox stays there until it is with the sink. */
  async function deliver(event: AuditEvent): Promise<void> {
    if (await tell(event)) writePath?.delivered(event);
  }

  /** Never rejects. */
  async function tell(event: AuditEvent): Promise<boolean> {
    try {
      await audit.record(event);
      return true;
    } catch (error) {
      log.error('An audit event was not delivered', { event_id: event.event_id }, error);
      return false;
    }
  }

  function traced<Result>(call: ToolCall, work: (ended: Ended) => Result): Result {
    if (tracing === undefined) return work(() => {});
    return tracing.call({ tool: tools.get(call.name)?.tool.definition.name, meta: call.meta }, work);
  }

  /** A call is answered when its event is kept, or could not be. Never rejects. */
  async function record(call: ToolCall, trail: Trail, end: { verdict: Verdict; ended: Ended }): Promise<void> {
    const { verdict, ended } = end;
    ended({ operationId: trail.operationId, ...verdict });
    if (trail.event !== undefined) await deliver(trail.event);
    else await tell(auditEvent(kernel, call, trail, verdict));
  }

  return {
    listTools: (caller) => listTools(tools, caller),
    callTool: (call) => {
      calls += 1;
      const answer = traced(call, (ended) => answerCall(call, ended)).finally(() => (calls -= 1));
      track(answer.catch(() => {}));
      return answer;
    },
    refuseUnscoped,
    noteMalformed,
    callsUnderWay: () => calls,
    close: async () => {
      await settled(underWay, Math.min(settings.deadlineMs, LONGEST_CLOSE_MS));
      await writePath?.close();
      await audit.close?.();
    },
  };
}

type Ended = (end: CallEnd) => void;

const REFUSED: Verdict = { decision: 'refused', executed: 'no', replayed: false };

/** Every attempt at a request is told to traces, too. */
function tracedSettings(settings: Settings, tracing: Tracing): Settings {
  const upstreams = [...settings.upstreams].map(([name, upstream]) => [name, { ...upstream, tracing }] as const);
  return { ...settings, upstreams: new Map(upstreams) };
}

function isStructured({ loaded }: Trail): boolean {
  return loaded?.tool.definition.outputSchema !== undefined;
}

function listTools(tools: ReadonlyMap<string, LoadedTool>, caller: Caller): readonly ToolDefinition[] {
  const callable = [...tools.values()].filter(({ tool }) => mayCall(tool.policy, caller));
  // Who may not write has no operations to ask for.
  const mayWrite = callable.some(({ tool }) => writes(tool.policy));
  return callable.filter(({ builtIn }) => builtIn === undefined || mayWrite).map(({ tool }) => tool.definition);
}

function loadTools(server: ServerDeclaration, writePath: WritePath | undefined): ReadonlyMap<string, LoadedTool> {
  const tools = server.tools.map(load);
  if (server.tools.some(({ policy }) => writes(policy))) {
    if (writePath === undefined) throw new Error(`${server.name} has tools that write, so it needs an operation store`);
    tools.push(...writePath.tools);
  }
  return new Map(tools.map((loaded) => [loaded.tool.definition.name, loaded]));
}

/** Schemas are loaded on a tool's first call, once. Throws where a tool writes and nothing makes its repeats safe. */
function load(tool: Tool): LoadedTool {
  if (writes(tool.policy) && tool.policy.idempotency === undefined) {
    throw new Error(`${tool.definition.name} writes, so its policy needs idempotency`);
  }
  let loading: Promise<ToolValidators> | undefined;
  return {
    tool,
    validators: () => {
      loading ??= tool.validators().catch((error: unknown) => {
        loading = undefined;
        throw error;
      });
      return loading;
    },
  };
}

/** Waits until nothing is under way any more, but not longer than told. */
async function settled(underWay: ReadonlySet<Promise<unknown>>, withinMs: number): Promise<void> {
  const patience = new AbortController();
  const over = sleep(withinMs, undefined, { signal: patience.signal }).catch(() => {});
  const drained = async (): Promise<void> => {
    while (underWay.size > 0) await Promise.allSettled(underWay);
  };
  await Promise.race([drained(), over]);
  patience.abort();
}
