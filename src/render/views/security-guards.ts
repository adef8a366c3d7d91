/** What bounds a write, in the words of SECURITY.md: who says yes, how often, and what is read first. */
import { durationInWords } from '../../manifest/duration-words.ts';
import type { ApprovalModel, CapsModel, IdempotencyModel, PreconditionModel } from '../../model/guards.ts';
import type { ProjectModel, ToolModel } from '../../model/project.ts';
import { operationsOverHttp } from '../kernel.ts';

export interface Fact {
  readonly name: string;
  readonly value: string;
}

/** Rows of the tool's table. */
export function guardFacts({ idempotency, approval, caps, preconditions }: ToolModel): readonly Fact[] {
  return [
    ...(approval === undefined ? [] : [{ name: 'Approved by', value: describeApproval(approval) }]),
    ...(caps === undefined ? [] : [{ name: 'At most', value: describeCaps(caps) }]),
    ...(preconditions.length === 0 ? [] : [{ name: 'Checked first', value: describeReads(preconditions) }]),
    ...describeKey(idempotency),
  ];
}

/** Whole sentences about the server; nothing where it has no such limits. */
export function describeLimits(model: ProjectModel): readonly string[] {
  const { limits, operationsScope } = model;
  const { requestsPerMinute, writes } = limits;
  return [
    ...(requestsPerMinute === undefined
      ? []
      : [`One principal may make ${requestsPerMinute} calls a minute, counted by each process for itself.`]),
    ...(writes === undefined ? [] : [`Over all tools at most ${describeCaps(writes)}.`]),
    ...(model.store === undefined || operationsScope === undefined
      ? []
      : [
          `Only who holds ${operationsScope} may say what became of an operation that is unknown` +
            (operationsOverHttp(model) ? ', on the command line as over HTTP.' : '.'),
        ]),
  ];
}

function describeApproval({ when, by, scope, expiresMs }: ApprovalModel): string {
  const who =
    by === 'caller' ? 'the caller, who is asked in the client' : `somebody else, who holds ${scope ?? 'its scope'}`;
  const which = when === undefined ? 'every call' : 'calls whose arguments match the condition in the manifest';
  return `${who}, within ${durationInWords(expiresMs)}: ${which}`;
}

function describeCaps({ perRun, perHour, perDay, per }: CapsModel): string {
  const bounds = [
    ...(perRun === undefined ? [] : [`${perRun} in a run`]),
    ...(perHour === undefined ? [] : [`${perHour} in an hour`]),
    ...(perDay === undefined ? [] : [`${perDay} in a day`]),
  ];
  return `${bounds.join(', ')} are executed, ${per === 'server' ? 'by all callers together' : `for each ${per}`}`;
}

function describeReads(preconditions: readonly PreconditionModel[]): string {
  return preconditions.map(({ code, request }) => `${code}, by ${request.method} at ${request.upstream}`).join('; ');
}

function describeKey(idempotency: IdempotencyModel | undefined): readonly Fact[] {
  if (idempotency === undefined || idempotency.strategy === 'natural') return [];
  const { upstreamKey } = idempotency;
  if (upstreamKey === undefined) return [];
  const { place, name } = upstreamKey;
  const where = place === 'header' ? `the header ${name}` : `the body's member ${name}`;
  return [{ name: 'Key for the upstream', value: where }];
}
