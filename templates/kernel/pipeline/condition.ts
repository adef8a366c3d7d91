/** A condition of the manifest, compiled. */
import type { ToolValidators, Validator } from '../tool.ts';

/** Throws where generated code names a condition that it did not compile. */
export function conditionOf({ conditions = {} }: Pick<ToolValidators, 'conditions'>, name: string): Validator {
  const condition = Object.hasOwn(conditions, name) ? conditions[name] : undefined;
  if (condition === undefined) throw new Error(`There is no condition named ${name}`);
  return condition;
}
