/** What is to be done in steps 12 and 13, and what requests and handlers may know of the call. */
import type { Execution } from '../execution.ts';
import type { Scope } from '../expression.ts';
import type { Principal, ToolContext } from '../handler.ts';
import type { JsonObject } from '../json.ts';
import type { SendOptions } from '../settings.ts';
import type { CheckedCall, ToolCall } from './call.ts';

export interface Work {
  /** What reaches the request or the handler. */
  readonly args: JsonObject;
  /** Present for tools that write. */
  readonly write?: WriteWork;
  /** The client's cancellation; absent once something was sent. */
  readonly cancelled?: AbortSignal | undefined;
}

/** What a call that writes brings along. */
export interface WriteWork {
  /** The operation's key: what an upstream that takes one recognises a repeat by. */
  readonly key: string;
  /** The claim holds, so that something may be sent. */
  readonly mayStillSend: () => boolean;
  /** Something may have its effect now: `false` between the steps of a handler that acts in steps only. */
  readonly mayAct: () => boolean;
  /** `false`: it acts in steps only, and none of them has begun, so that nothing has happened. */
  readonly mayHaveActed: () => boolean;
  /** A part of the effect is there, and stays: the rest may still be refused. */
  readonly hasFinishedSteps: () => boolean;
  readonly step: ToolContext['step'];
  /** The request, ready to leave; absent where there is a handler. */
  readonly send?: (options: SendOptions) => Promise<Execution>;
}

/** What the expressions of a request are evaluated against. */
export function scopeOf({ call }: Pick<CheckedCall, 'call'>, { args, write }: Pick<Work, 'args' | 'write'>): Scope {
  return { args, principal: principalOf(call), ...(write === undefined ? {} : { operationKey: write.key }) };
}

/** The caller as tools and upstreams may know them. */
export function principalOf({ caller: { subject, tenant } }: Pick<ToolCall, 'caller'>): Principal {
  return { subject, ...(tenant === undefined ? {} : { tenant }) };
}
