/** What operators may do about operations. The store is within; what they see of it is plain JSON. */
import type { AuditSink } from '../audit.ts';
import type { Caller } from '../caller.ts';
import type { ErrorBody, Executed } from '../failure.ts';
import type { Logger } from '../handler.ts';
import type { JsonObject, JsonValue } from '../json.ts';
import type { ServerDeclaration } from '../tool.ts';

/** What waits for people: an outcome that nobody knows, a question, a failure for good. */
export const LISTED = ['unknown', 'pending-approval', 'failed'] as const;
export type Listed = (typeof LISTED)[number];

/** Every method throws `Refusal`. What changes something is audited, and so is the attempt. */
export interface OperationsDesk {
  /** Those changed last first. */
  list(operator: Operator, kinds: readonly Listed[]): Promise<Listing>;
  show(operator: Operator, id: string): Promise<OperationView>;
  /** Says yes or no to a question. */
  decide(operator: Operator, id: string, answer: { readonly approve: boolean }): Promise<OperationView>;
  /** Says what happened where the server could not know. */
  resolve(operator: Operator, id: string, finding: Finding): Promise<OperationView>;
  /** Removes what is finished and past its time, of all tenants; answers how many operations that were. */
  purge(operator: Operator): Promise<number>;
  /** Holds irreversible calls back, or lets them go again; for the whole store. */
  hold(operator: Operator, held: boolean): Promise<void>;
}

export interface Operator {
  readonly caller: Caller;
  readonly over: 'command_line' | 'http';
}

/** What is needed to open a desk. */
export interface DeskOptions {
  readonly server: ServerDeclaration;
  /** `MCP_ENVIRONMENT`: operations of others are not seen. */
  readonly environment: string;
  readonly audit: AuditSink;
  readonly log: Logger;
}

export type Finding =
  | { readonly executed: false }
  /** `result`: as the tool would have returned it; absent: not known. */
  | { readonly executed: true; readonly result?: JsonValue | undefined };

export interface Listing {
  readonly operations: readonly OperationView[];
  /** There are so many that not all are told. */
  readonly more: boolean;
}

export type Action = 'approve' | 'deny' | 'resolve';

/** Times are ISO 8601, by the store's clock. What does not apply is absent. */
export interface OperationView {
  readonly operation_id: string;
  readonly state: string;
  readonly executed: Executed;
  readonly tool: string;
  readonly subject: string;
  readonly tenant?: string;
  readonly age_ms: number;
  readonly created_at: string;
  readonly updated_at: string;
  /** Until when whoever executed it was taken to be alive. */
  readonly lease_until?: string;
  /** When the first attempt may have been sent. */
  readonly first_sent_at?: string;
  /** As asked for; values of sensitive fields are hashed. */
  readonly arguments: JsonObject;
  readonly approval?: ApprovalView;
  /** Results of the steps that are done. */
  readonly steps?: JsonObject;
  /** The step that was under way. */
  readonly step?: string;
  readonly result?: JsonValue;
  readonly error?: ErrorBody;
  /** Counters of caps that it was charged to. */
  readonly charges?: readonly string[];
  readonly resolved_by?: string;
  /** What an operator can do about it now. */
  readonly actions: readonly Action[];
}

export interface ApprovalView {
  readonly by: 'caller' | 'approver';
  /** What an approver holds. */
  readonly scope?: string;
  readonly summary: string;
  readonly expires_at: string;
  readonly decided_by?: string;
}
