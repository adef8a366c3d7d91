/** The errors that a tool declares, each with an answer of its upstream that means it. */
import type { TextTemplate } from '../../manifest/expressions.ts';
import type { IdempotencyModel } from '../../model/guards.ts';
import type { ErrorModel, Json, JsonObject, ToolModel } from '../../model/project.ts';
import { sampleText, UNKNOWN } from './sample-scope.ts';
import type { RecoveryCase } from './tool-test.ts';

export interface ErrorCase {
  readonly code: string;
  /** Ends the sentence "answers CODE when …". */
  readonly when: string;
  readonly reply: ReplyCase;
  readonly category: string;
  readonly executed: Executed;
  /** Absent where it depends on more than the arguments. */
  readonly message: string | undefined;
  readonly suggestedAction: string | undefined;
  readonly retryAfterMs: number | undefined;
  /** What the same call then finds; for tools that write. */
  readonly repeat: 'same-answer' | RecoveryCase | undefined;
}

export interface ReplyCase {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>> | undefined;
  readonly body: Json | undefined;
}

type Executed = 'no' | 'yes' | 'unknown';

/** One case for each error of a handler; of a declared tool, one for each status that means the error. */
export function errorCases(tool: ToolModel, args: JsonObject): readonly ErrorCase[] {
  return tool.errors.flatMap((error, index) =>
    tool.kind === 'handler'
      ? [failedByHandler(tool, error, args)]
      : answeredByUpstream(tool, error, tool.errors.slice(0, index), args),
  );
}

/** The stand-in for a handler fails with the code that the body's `fail` names. */
function failedByHandler(tool: ToolModel, error: ErrorModel, args: JsonObject): ErrorCase {
  const reply = { status: 200, headers: undefined, body: { fail: error.code } };
  return errorCase(tool, error, { when: 'its handler fails so', reply, executed: error.executed ?? 'no', args });
}

/** Leaves out what an earlier error already catches. */
function answeredByUpstream(
  tool: ToolModel,
  error: ErrorModel,
  earlier: readonly ErrorModel[],
  args: JsonObject,
): readonly ErrorCase[] {
  const body = error.when?.sampleBody;
  const statuses = error.when?.status ?? [];
  return statuses
    .filter((status) => !earlier.some((other) => catches(other, status, body)))
    .map((status) => {
      const when = `the upstream answers ${status}`;
      const executed = error.executed ?? executedByStatus(tool, status);
      return errorCase(tool, error, { when, reply: { status, headers: retryHeader(error), body }, executed, args });
    });
}

function catches(error: ErrorModel, status: number, body: Json | undefined): boolean {
  if (error.when === undefined || !error.when.status.includes(status)) return false;
  return error.when.condition === undefined || JSON.stringify(error.when.sampleBody) === JSON.stringify(body);
}

/** Statuses by which an upstream says that it did nothing; any other may stand for a write that happened. */
function executedByStatus(tool: ToolModel, status: number): Executed {
  const refused = (status >= 400 && status < 500 && status !== 408) || status === 307 || status === 308;
  return refused || tool.idempotency === undefined ? 'no' : 'unknown';
}

const RETRY_AFTER_SECONDS = 7;

function retryHeader(error: ErrorModel): ReplyCase['headers'] {
  const source = error.retryAfter;
  return source?.from === 'response.header' ? { [source.name]: String(RETRY_AFTER_SECONDS) } : undefined;
}

interface Circumstances {
  readonly when: string;
  readonly reply: ReplyCase;
  readonly executed: Executed;
  readonly args: JsonObject;
}

function errorCase(tool: ToolModel, error: ErrorModel, { when, reply, executed, args }: Circumstances): ErrorCase {
  return {
    code: error.code,
    when,
    reply,
    category: error.category,
    executed,
    message: expectedMessage(error.message, args),
    suggestedAction: error.suggestedAction,
    retryAfterMs: reply.headers === undefined ? undefined : RETRY_AFTER_SECONDS * 1_000,
    repeat: expectedRepeat(tool, error, executed),
  };
}

const LONGEST_MESSAGE = 2_000;

/** Absent, too, where the server would shorten the text or replace characters that cannot be seen. */
function expectedMessage(text: TextTemplate, args: JsonObject): string | undefined {
  const message = sampleText(text, args);
  if (message === UNKNOWN || message.length > LONGEST_MESSAGE) return undefined;
  return /[\p{Cc}\p{Cf}\p{Cs}]/u.test(message) ? undefined : message;
}

function expectedRepeat(tool: ToolModel, error: ErrorModel, executed: Executed): ErrorCase['repeat'] {
  if (tool.idempotency === undefined) return undefined;
  // Setting a value is done again, whatever came of the first time.
  if (tool.idempotency.strategy === 'natural') return 'send-again';
  if (executed === 'unknown') return repeatAfterUnknown(tool.idempotency.recovery);
  return error.terminal || executed === 'yes' ? 'same-answer' : 'send-again';
}

function repeatAfterUnknown(recovery: IdempotencyModel['recovery']): RecoveryCase {
  switch (recovery) {
    case 'look-up':
      return 'not-found';
    case 'resume':
      return 'quarantine';
    default:
      return recovery;
  }
}
