/** `ctx.step`: the parts of a handler's work, each with its effect at most once. */
import type { Operation } from '../idempotency/operation.ts';
import type { OperationStore } from '../idempotency/store.ts';
import type { JsonValue } from '../json.ts';
import { ClaimLost } from './claim-lost.ts';
import { toJson } from './shape-result.ts';

export interface StepLog {
  run<Result>(name: string, work: () => Result | Promise<Result>): Promise<Result>;
  /** A step is under way. */
  isRunning(): boolean;
  /** A part of the effect is there: by this run or an earlier one. */
  hasFinished(): boolean;
}

export interface StepOptions {
  /** Nothing happens between steps, so that a run which died there goes on from there. */
  readonly between: boolean;
  /** The claim holds: what goes on after its deadline begins nothing more. */
  readonly mayBegin: () => boolean;
  /** Told before a step may act. */
  readonly onStart: () => void;
}

const LARGEST_RESULT_BYTES = 64_000;

/** Steps that an earlier run of the operation finished are not run again; their results are those of then. */
export function stepsOf(
  store: OperationStore,
  operation: Operation,
  { between, mayBegin, onStart }: StepOptions,
): StepLog {
  const started = new Set<string>();
  let underWay: string | undefined;
  let running = false;
  let finished = Object.keys(operation.steps).length > 0;

  async function record<Result>(name: string, work: () => Result | Promise<Result>): Promise<JsonValue> {
    if (!mayBegin() || !(await store.startStep(operation, name))) throw new ClaimLost(`The step ${name} may not begin`);
    onStart();
    running = true;
    const result = toJson(await work());
    running = false;
    if (Buffer.byteLength(JSON.stringify(result)) > LARGEST_RESULT_BYTES) {
      throw new Error(`The result of the step ${name} is larger than ${LARGEST_RESULT_BYTES} bytes`);
    }
    if (!(await store.finishStep(operation, { name, result, between }))) {
      throw new ClaimLost(`The end of the step ${name} could not be recorded`);
    }
    finished = true;
    return result;
  }

  return {
    isRunning: () => running,
    hasFinished: () => finished,
    async run<Result>(name: string, work: () => Result | Promise<Result>): Promise<Result> {
      if (started.has(name)) throw new Error(`A step named ${name} was run already: give every step its own name`);
      if (underWay !== undefined) {
        throw new Error(`The step ${underWay} has not ended: await it before the step ${name} begins`);
      }
      started.add(name);
      const before = Object.hasOwn(operation.steps, name) ? operation.steps[name] : undefined;
      if (before !== undefined) return before as Result;
      underWay = name;
      const result = await record(name, work);
      underWay = undefined;
      // What JSON keeps of a result is what every run gets, the first one too.
      return result as Result;
    },
  };
}
