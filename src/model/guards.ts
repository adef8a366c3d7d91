/** What makes a write safe, as the model has it: how repeats are told, what follows an unknown outcome, who says yes, what bounds it. */
import type { Expression, TextTemplate, ValueTemplate } from '../manifest/expressions.ts';
import type { Json, RequestModel } from './project.ts';

export type IdempotencyModel =
  | ({
      readonly strategy: 'derived-key' | 'read-before-write';
      readonly key: readonly Expression[];
      readonly occurrence: OccurrenceModel | undefined;
    } & RecoveryModel)
  | ({ readonly strategy: 'caller-key' } & RecoveryModel)
  | { readonly strategy: 'natural'; readonly recovery: 'send-again' };

export type OccurrenceModel =
  | { readonly every: 'hour' | 'day' | 'week' | 'month'; readonly timezone: string }
  | { readonly argument: Expression };

/** As `kernel/policy.ts` has it. */
export interface RecoveryModel {
  readonly recovery: 'quarantine' | 'resend' | 'look-up' | 'resume';
  readonly upstreamKey: UpstreamKeyModel | undefined;
  readonly lookup: LookupModel | undefined;
}

/** A declared tool's request has it in its place already. */
export interface UpstreamKeyModel {
  readonly place: 'header' | 'body';
  /** Of the header, or of the body's member. */
  readonly name: string;
  readonly retentionMs: number;
}

export interface LookupModel {
  readonly request: RequestModel;
  /** Name of the compiled condition on the body of the answer. */
  readonly found: string;
  readonly settleMs: number;
}

export interface ApprovalModel {
  /** Name of the compiled condition on the arguments; absent: always. */
  readonly when: string | undefined;
  readonly by: 'caller' | 'approver';
  /** Present where `by` is `approver`. */
  readonly scope: string | undefined;
  readonly expiresMs: number;
  readonly summary: TextTemplate;
}

export interface CapsModel {
  readonly perRun: number | undefined;
  readonly perHour: number | undefined;
  readonly perDay: number | undefined;
  readonly per: 'principal' | 'tenant' | 'server';
}

export interface PreconditionModel {
  readonly request: RequestModel;
  readonly require: readonly RequirementModel[];
  readonly code: string;
  readonly message: TextTemplate;
  readonly suggestedAction: string | undefined;
}

export type RequirementModel =
  | { readonly value: Expression; readonly equals: ValueTemplate }
  /** `matches`: name of the compiled condition; `sample`: a value that it accepts. */
  | { readonly value: Expression; readonly matches: string; readonly sample: Json | undefined };
