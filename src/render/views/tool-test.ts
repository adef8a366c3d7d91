/** For `test/generated/tools/tool.test.ts.hbs`: everything that the tests of one tool know, as literals. */
import type { IdempotencyModel } from '../../model/guards.ts';
import type { FoundSample, Json, JsonObject, ProjectModel, ToolModel } from '../../model/project.ts';
import { ANY_RESULT } from '../../model/tool-samples.ts';
import { errorCases, type ErrorCase } from './tool-test-errors.ts';
import { approvalCase, preconditionCases, type ApprovalCase, type PreconditionCase } from './tool-test-guards.ts';
import { requestCase, type RequestCase } from './tool-test-request.ts';
import { windowEnd } from './tool-test-window.ts';

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
  readonly approval: ApprovalCase | undefined;
  /** Arguments of another effect, which a cap of one refuses. */
  readonly beyondCap: JsonObject | undefined;
  readonly preconditions: readonly PreconditionCase[];
  /** Names that the file imports from the harness's `check-guards.ts`; empty where there are none. */
  readonly guardChecks: string;
}

export interface SubjectCase {
  readonly tool: string;
  readonly scopes: readonly string[];
  readonly roles: readonly string[];
  readonly arguments: JsonObject;
  readonly result: Json | undefined;
  readonly resultAt: string;
  readonly upstreamKey: KeyCase | undefined;
  readonly found: FoundSample | undefined;
}

export interface KeyCase {
  readonly place: 'header' | 'body';
  readonly name: string;
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

/** What follows an unknown outcome, as the harness calls it. */
export type RecoveryCase = 'quarantine' | 'send-again' | 'resend' | 'found' | 'not-found';

export interface Promised {
  readonly recovery: RecoveryCase;
  /** The same, as the start of a test's title. */
  readonly promise: string;
  /** The store outlives its process, so that a crash can be tested. */
  readonly crash: boolean;
}

export interface WriteCase {
  /** What may follow an unknown outcome; two, where that depends on what a look-up finds. */
  readonly promises: readonly Promised[];
  /** A look-up that comes too early proves nothing. */
  readonly settles: boolean;
  /** The upstream is asked before anything is sent. */
  readonly readsFirst: boolean;
  /** Its handler acts in steps, and the store outlives its process. */
  readonly resumesAfterCrash: boolean;
  /** Names that the file imports from the harness's `crash.ts`; empty where the store ends with its process. */
  readonly crashChecks: string;
  /** What a caller lacks whose rights were taken away; absent for a public tool. */
  readonly revoked: Omit<RefusedCase, 'title'> | undefined;
  /** The same key, but another call. */
  readonly otherArguments: JsonObject | undefined;
  /** Present where the key comes from the caller. */
  readonly argumentsWithoutKey: JsonObject | undefined;
  readonly setsValue: boolean;
  /** Present where a value is set and another one is known. */
  readonly anotherValue: JsonObject | undefined;
  /** Present where the call is meant once in a window of time: when one ends. */
  readonly windowEnd: string | undefined;
}

/** The argument by which a caller names its operation, and what the kernel takes for a key. */
const KEY_ARGUMENT = 'idempotency_key';
const USABLE_KEY = /^[\x21-\x7e]{16,255}$/;
/** The key that the tests give where the sample has no usable one. */
const TEST_KEY = 'generated-test-key';
const OTHER_TEST_KEY = 'another-generated-test-key';

export function toolTestView(tool: ToolModel, model: ProjectModel): ToolTestView {
  const [accepted = {}, fewer] = tool.samples.accepted.map((sample) => withKey(tool, sample));
  const guards = guardCases(tool, accepted);
  return {
    manifestFile: model.manifestFile,
    subject: {
      tool: tool.name,
      scopes: tool.scopes,
      roles: tool.roles,
      arguments: accepted,
      ...resultCase(tool),
      upstreamKey: keyCase(tool),
      found: tool.samples.found,
    },
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
    ...guards,
    guardChecks: guardChecks(guards),
  };
}

function guardCases(tool: ToolModel, args: JsonObject) {
  const approval = approvalCase(tool, args);
  return {
    approval: approval && { ...approval, arguments: withKey(tool, approval.arguments) },
    beyondCap: tool.caps && otherEffect(tool, args),
    preconditions: preconditionCases(tool, args),
  };
}

/** Where the caller gives the key, another key; else other arguments. */
export function otherEffect({ idempotency, samples }: ToolModel, args: JsonObject): JsonObject | undefined {
  if (idempotency?.strategy !== 'caller-key') return samples.otherKeyArguments;
  return { ...args, [KEY_ARGUMENT]: OTHER_TEST_KEY };
}

function guardChecks({ approval, beyondCap, preconditions }: ReturnType<typeof guardCases>): string {
  const asked =
    approval?.scope === undefined ? ['checkAsked', 'checkRefusedByCaller'] : ['checkApproved', 'checkDenied'];
  const names = [
    ...(approval === undefined ? [] : asked),
    ...(approval?.isConditional === true ? ['checkNotAsked'] : []),
    ...(beyondCap === undefined ? [] : ['checkCapped']),
    ...(preconditions.length === 0 ? [] : ['checkPrecondition', 'type PreconditionCase']),
  ];
  return names.join(', ');
}

/** A stand-in for a handler has it in a header of its own. */
function keyCase({ idempotency, kind }: ToolModel): KeyCase | undefined {
  const key = idempotency === undefined || idempotency.strategy === 'natural' ? undefined : idempotency.upstreamKey;
  if (key === undefined) return undefined;
  return kind === 'handler' ? { place: 'header', name: 'x-operation-key' } : { place: key.place, name: key.name };
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
  const durable = model.store !== 'memory';
  const resumesAfterCrash = durable && idempotency.recovery === 'resume';
  const isPublic = tool.scopes.length === 0 && tool.roles.length === 0;
  return {
    promises: promisesOf(tool, durable),
    settles: idempotency.recovery === 'look-up',
    readsFirst: idempotency.strategy === 'read-before-write' && samples.found !== undefined,
    resumesAfterCrash,
    crashChecks: durable ? crashChecks(resumesAfterCrash) : '',
    revoked: isPublic ? undefined : { scopes: [], roles: [] },
    otherArguments: samples.sameKeyOtherArguments && withKey(tool, samples.sameKeyOtherArguments),
    argumentsWithoutKey: idempotency.strategy === 'caller-key' ? without(first, KEY_ARGUMENT) : undefined,
    setsValue: idempotency.strategy === 'natural',
    windowEnd: windowEnd(tool),
    anotherValue: idempotency.strategy === 'natural' ? others[0] : undefined,
  };
}

const PROMISES: Readonly<Record<RecoveryCase, string>> = {
  quarantine: 'is never sent again',
  'send-again': 'is safe to send again',
  resend: 'is sent again under the same key',
  found: 'answers with what a look-up finds',
  'not-found': 'is sent again once a look-up finds nothing',
};

function crashChecks(resumes: boolean): string {
  return ['checkCrash', ...(resumes ? ['checkCrashAfterStep'] : []), 'CRASH_TIMEOUT_MS'].join(', ');
}

function promisesOf({ idempotency, samples }: ToolModel, crash: boolean): readonly Promised[] {
  const recoveries = recoveriesOf(idempotency?.recovery ?? 'quarantine', samples.found !== undefined);
  return recoveries.map((recovery) => ({ recovery, promise: PROMISES[recovery], crash }));
}

function recoveriesOf(recovery: IdempotencyModel['recovery'], canBeFound: boolean): readonly RecoveryCase[] {
  switch (recovery) {
    case 'look-up':
      return canBeFound ? ['found', 'not-found'] : ['not-found'];
    // Cut off within its one step, as the stand-in is, it waits for a person.
    case 'resume':
      return ['quarantine'];
    default:
      return [recovery];
  }
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
