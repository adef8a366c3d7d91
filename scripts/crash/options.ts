/** The command line that all these proofs share. */
import { parseArgs } from 'node:util';

import { MODES, STORE_NAMES, type Mode, type StoreName } from '../../test/crash/manifest.ts';

export interface Options {
  readonly store: StoreName;
  readonly mode: Mode;
  readonly count: number;
  readonly seed: number;
}

/** `count` names the option that says how often, and how often without it. Throws where an option is wrong. */
export function readOptions([countName, or]: readonly [name: string, or: number]): Options {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({ options: { store: text, mode: text, seed: text, [countName]: text } });
  return {
    store: choice('store', values.store, STORE_NAMES),
    mode: choice('mode', values.mode, MODES),
    count: number(countName, values[countName], or),
    seed: number('seed', values.seed, 1),
  };
}

function choice<Choice extends string>(
  name: string,
  value: string | undefined,
  choices: readonly [Choice, ...Choice[]],
): Choice {
  if (value === undefined) return choices[0];
  const chosen = choices.find((choice) => choice === value);
  if (chosen === undefined) throw new Error(`--${name} is ${value}: give one of ${choices.join(', ')}`);
  return chosen;
}

function number(name: string, value: string | undefined, or: number): number {
  const given = Number(value ?? or);
  if (!Number.isInteger(given) || given < 1) throw new Error(`--${name} is ${value}: give a whole number from 1`);
  return given;
}
