/** For `test/generated/tools/tool.test.ts.hbs`: everything that the tests of one tool know, as literals. */
import type { IdempotencyModel } from '../../model/guards.ts';
import type { Json, JsonObject, ProjectModel, ToolModel } from '../../model/project.ts';
import { ANY_RESULT } from '../../model/tool-samples.ts';
import { errorCases, type ErrorCase } from './tool-test-errors.ts';
import { requestCase, type RequestCase } from './tool-test-request.ts';

export interface ToolTestView {
  readonly manifestFile: string;
  readonly subject: SubjectCase;
  /** The required arguments alone, where the subject's are more. */
  readonly fewerArguments: JsonObject | undefined;
  /** Present for declared tools. */
  readonly request: RequestCase | undefined;
  readonly rejected: readonly RejectedCase[];
  readonly refused: readonly RefusedCase[];
  readonly errors: readonly ErrorCase[];
  /** Present for tools that write. */
  readonly write: WriteCase | undefined;
}

export interface SubjectCase {
  readonly tool: string;
  readonly scopes: readonly string[];
  readonly roles: readonly string[];
  readonly arguments: JsonObject;
  readonly result: Json | undefined;
  readonly resultAt: string;
}

export interface RejectedCase {
  readonly title: string;
  readonly field: string;
  readonly rule: string;
  readonly arguments: JsonObject;
}

export interface RefusedCase {
  readonly title: string;
  readonly scopes: readonly string[];
  readonly roles: readonly string[];
}

export interface WriteCase {
  /** After an unknown outcome: send again, or wait for a person. */
  readonly recovery: 'send-again' | 'quarantine' | undefined;
  /** The same, as the start of a test's title. */
  readonly promise: 'is safe to send again' | 'is never sent again';
  /** The store outlives its process, so that a crash can be tested. */
  readonly crash: boolean;
  /** What a caller lacks whose rights were taken away; absent for a public tool. */
  readonly revoked: Omit<RefusedCase, 'title'> | undefined;
  /** The same key, but another call. */
  readonly otherArguments: JsonObject | undefined;
  /** Present where the key comes from the caller. */
  readonly argumentsWithoutKey: JsonObject | undefined;
  readonly setsValue: boolean;
  /** Present where a value is set and another one is known. */
  readonly anotherValue: JsonObject | undefined;
}

/** The argument by which a caller names its operation, and what the kernel takes for a key. */
const KEY_ARGUMENT = 'idempotency_key';
const USABLE_KEY = /^[\x21-\x7e]{16,255}$/;
/** The key that the tests give where the sample has no usable one. */
const TEST_KEY = 'generated-test-key';

export function toolTestView(tool: ToolModel, model: ProjectModel): ToolTestView {
  const [accepted = {}, fewer] = tool.samples.accepted.map((sample) => withKey(tool, sample));
  return {
    manifestFile: model.manifestFile,
    subject: { tool: tool.name, scopes: tool.scopes, roles: tool.roles, arguments: accepted, ...resultCase(tool) },
    fewerArguments: fewer,
    request: tool.request && requestCase(tool.request, accepted),
    rejected: tool.samples.rejected.map(({ title, field, rule, arguments: args }) => ({
      title,
      field,
      rule,
      arguments: args,
    })),
    refused: refusedCases(tool),
    errors: errorCases(tool, accepted),
    write: writeCase(tool, model),
  };
}

/** The stand-in for a handler takes its result from `/result`. */
function resultCase(tool: ToolModel): Pick<SubjectCase, 'result' | 'resultAt'> {
  const result = tool.samples.result ?? ANY_RESULT;
  if (tool.kind === 'handler') return { result, resultAt: '/result' };
  const source = tool.request?.result ?? { from: 'response.body', pointer: '' };
  const hasBody = tool.request?.method !== 'HEAD' && source.from === 'response.body';
  return hasBody ? { result, resultAt: source.pointer } : { result: undefined, resultAt: '' };
}

function refusedCases(tool: ToolModel): readonly RefusedCase[] {
  const { scopes, roles } = tool;
  const withoutOne = scopes.map((missing) => ({
    title: `without the scope ${missing}`,
    scopes: scopes.filter((scope) => scope !== missing),
    roles,
  }));
  const withoutAny = scopes.length > 1 ? [{ title: 'without any scope', scopes: [], roles }] : [];
  const withoutRole = roles.length > 0 ? [{ title: 'in none of the roles', scopes, roles: [] }] : [];
  return [...withoutOne, ...withoutAny, ...withoutRole];
}

function writeCase(tool: ToolModel, model: ProjectModel): WriteCase | undefined {
  const { idempotency, samples } = tool;
  if (idempotency === undefined) return undefined;
  const [first = {}, ...others] = samples.accepted;
  const isPublic = tool.scopes.length === 0 && tool.roles.length === 0;
  return {
    recovery: testedRecovery(idempotency),
    promise: idempotency.recovery === 'send-again' ? 'is safe to send again' : 'is never sent again',
    crash: model.store !== 'memory' && testedRecovery(idempotency) !== undefined,
    revoked: isPublic ? undefined : { scopes: [], roles: [] },
    otherArguments: samples.sameKeyOtherArguments && withKey(tool, samples.sameKeyOtherArguments),
    argumentsWithoutKey: idempotency.strategy === 'caller-key' ? without(first, KEY_ARGUMENT) : undefined,
    setsValue: idempotency.strategy === 'natural',
    anotherValue: idempotency.strategy === 'natural' ? others[0] : undefined,
  };
}

function testedRecovery({ recovery }: IdempotencyModel): WriteCase['recovery'] {
  return recovery === 'send-again' || recovery === 'quarantine' ? recovery : undefined;
}

/** One key for all samples of a tool that takes its key from the caller. */
function withKey(tool: ToolModel, sample: JsonObject): JsonObject {
  if (tool.idempotency?.strategy !== 'caller-key') return sample;
  const own = tool.samples.accepted[0]?.[KEY_ARGUMENT];
  return { ...sample, [KEY_ARGUMENT]: typeof own === 'string' && USABLE_KEY.test(own) ? own : TEST_KEY };
}

function without(sample: JsonObject, name: string): JsonObject {
  return Object.fromEntries(Object.entries(sample).filter(([member]) => member !== name));
}
