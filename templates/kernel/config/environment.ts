/** Reads environment variables and collects everything that is wrong with them, so that one start shows it all. */
import type { Setting } from '../tool.ts';
import { KnownSecrets } from './known-secrets.ts';

/** The configuration cannot be used. Each problem names a variable, says what is wrong and what to do. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`The configuration cannot be used:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
    this.problems = problems;
  }
}

export type Variables = Readonly<Record<string, string | undefined>>;

/** Where a value is unusable, readers note the problem and return a stand-in; `check` then throws. */
export class Environment {
  /** Gets to know every secret that is read from it. */
  readonly secrets: KnownSecrets;
  readonly #variables: Variables;
  readonly #problems: string[] = [];

  constructor(variables: Variables, secrets = new KnownSecrets()) {
    this.#variables = variables;
    this.secrets = secrets;
  }

  /** Two readers of one variable note its problem once. */
  problem(text: string): void {
    if (!this.#problems.includes(text)) this.#problems.push(text);
  }

  isFine(): boolean {
    return this.#problems.length === 0;
  }

  /** Throws `ConfigurationError` with every problem noted so far. */
  check(): void {
    if (!this.isFine()) throw new ConfigurationError(this.#problems);
  }

  /** `undefined` where the variable is unset or empty. */
  text(name: string): string | undefined {
    return this.#variables[name] || undefined;
  }

  /** Words separated by spaces or commas. */
  list(name: string): readonly string[] {
    return (this.text(name) ?? '').split(/[\s,]+/).filter((word) => word !== '');
  }

  choice<Choice extends string>(name: string, choices: readonly [Choice, ...Choice[]]): Choice {
    const value = this.text(name);
    if (value === undefined) return choices[0];
    const chosen = choices.find((choice) => choice === value);
    if (chosen === undefined) this.problem(`${name} is ${quote(value)}: set it to ${choices.join(' or ')}.`);
    return chosen ?? choices[0];
  }

  integer(name: string, { or, min, max }: { readonly or: number; readonly min: number; readonly max: number }): number {
    const value = this.text(name);
    if (value === undefined) return or;
    const number = /^\d{1,15}$/.test(value) ? Number(value) : Number.NaN;
    if (number >= min && number <= max) return number;
    this.problem(`${name} is ${quote(value)}: set it to a whole number from ${min} to ${max}.`);
    return or;
  }

  /** A setting of the manifest: given there, or read from the variable that it names. */
  setting(setting: Setting, what: string): string {
    if ('value' in setting) return setting.value;
    const value = this.text(setting.env);
    if (value === undefined) this.problem(`${setting.env} is not set: set it to ${what}.`);
    return value ?? '';
  }
}

/** A value in a message: short, and on one line. Never used for secrets. */
export function quote(value: string): string {
  return JSON.stringify(value.length > 80 ? `${value.slice(0, 80)}…` : value);
}
