/** Step 4: the arguments against the tool's schema. Nothing is coerced; every violation is told, up to twenty. */
import { toViolations } from '../json-schema/violations.ts';
import type { JsonObject } from '../json.ts';
import type { Tool, Validator } from '../tool.ts';
import { invalidArguments, Refusal } from './errors.ts';

/** Fills defaults into `args`, which is the pipeline's own copy, and gives it back. Throws `Refusal`. */
export function validateArguments({ policy }: Tool, validate: Validator, args: JsonObject): JsonObject {
  if (validate(args)) return args;
  const violations = toViolations(validate.errors ?? [], { args, sensitive: policy.sensitive });
  throw new Refusal(invalidArguments(violations));
}
