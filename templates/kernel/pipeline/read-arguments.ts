/** Step 1 as far as arguments go: a copy of our own, within the caps on depth and size, of values that JSON can hold. */
import type { Violation } from '../failure.ts';
import { pointerOf, type JsonObject, type JsonValue } from '../json.ts';
import type { RequestLimits } from '../settings.ts';
import { argumentsTooDeep, argumentsTooLarge, invalidArguments, Refusal } from './errors.ts';

/** Copies the arguments. Throws `Refusal` where they are too deep, too large, no object, or lose digits as numbers. */
export function readArguments(received: unknown, limits: RequestLimits): JsonObject {
  const reader = new Reader(limits);
  const args = reader.read(received ?? {}, []);
  if (typeof args !== 'object' || args === null || Array.isArray(args)) {
    throw new Refusal(invalidArguments([{ field: '', rule: 'type', allowed: 'object' }]));
  }
  if (reader.violations.length > 0) throw new Refusal(invalidArguments(reader.violations));
  // Neither null nor an array, so it is an object.
  return args as JsonObject;
}

const MOST_VIOLATIONS = 20;

class Reader {
  readonly violations: Violation[] = [];
  readonly #limits: RequestLimits;
  #elements = 0;

  constructor(limits: RequestLimits) {
    this.#limits = limits;
  }

  read(value: unknown, path: readonly string[]): JsonValue {
    switch (typeof value) {
      case 'string':
        return this.#text(value, path);
      case 'number':
        return this.#number(value, path);
      case 'boolean':
        return value;
      case 'object':
        return value === null ? null : this.#container(value, path);
      default:
        this.#refuse(path, 'type', 'JSON');
        return null;
    }
  }

  #container(value: object, path: readonly string[]): JsonValue {
    if (path.length >= this.#limits.maxDepth) throw new Refusal(argumentsTooDeep(this.#limits.maxDepth));
    if (Array.isArray(value)) {
      this.#count(value.length);
      return value.map((item, index) => this.read(item, [...path, String(index)]));
    }
    const members = Object.entries(value).filter(([, member]) => member !== undefined);
    this.#count(members.length);
    // Made by `fromEntries`, a member named __proto__ is a member like any other.
    return Object.fromEntries(
      members.map(([name, member]) => {
        const where = [...path, name];
        this.#text(name, where);
        return [name, this.read(member, where)];
      }),
    );
  }

  #count(elements: number): void {
    this.#elements += elements;
    if (this.#elements > this.#limits.maxElements) throw new Refusal(argumentsTooLarge(this.#limits.maxElements));
  }

  #text(value: string, path: readonly string[]): string {
    if (!value.isWellFormed()) this.#refuse(path, 'format', 'well-formed Unicode');
    return value;
  }

  /** An integer beyond 2^53−1 has lost digits on its way: two amounts would have one key. */
  #number(value: number, path: readonly string[]): number {
    if (Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value))) return value + 0;
    if (value < 0) this.#refuse(path, 'minimum', Number.MIN_SAFE_INTEGER);
    else this.#refuse(path, 'maximum', Number.MAX_SAFE_INTEGER);
    return value;
  }

  #refuse(path: readonly string[], rule: string, allowed: JsonValue): void {
    if (this.violations.length === MOST_VIOLATIONS) return;
    this.violations.push({ field: pointerOf(path).toWellFormed(), rule, allowed });
  }
}
