/** Step 1 as far as arguments go: a copy of our own, within the caps on depth and size, of values that JSON can hold. */
import type { Violation } from '../failure.ts';
import { brokenCap, isJsonObject, pointerOf, type JsonObject, type JsonValue } from '../json.ts';
import type { RequestLimits } from '../settings.ts';
import { argumentsTooDeep, argumentsTooLarge, invalidArguments, Refusal } from './errors.ts';

const MOST_VIOLATIONS = 20;

/** Copies the arguments. Throws `Refusal` where they are too deep, too large, no object, or lose digits as numbers. */
export function readArguments(received: unknown, limits: RequestLimits): JsonObject {
  const broken = brokenCap(received, limits);
  if (broken === 'depth') throw new Refusal(argumentsTooDeep(limits.maxDepth));
  if (broken === 'elements') throw new Refusal(argumentsTooLarge(limits.maxElements));
  const reader = new Reader();
  const args = reader.read(received ?? {}, []);
  if (reader.violations.length > 0) throw new Refusal(invalidArguments(reader.violations.slice(0, MOST_VIOLATIONS)));
  if (isJsonObject(args)) return args;
  throw new Refusal(invalidArguments([{ field: '', rule: 'type', allowed: 'object' }]));
}

/** Copies values, and collects what a hash over them could not stand for. */
class Reader {
  readonly violations: Violation[] = [];

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
    if (Array.isArray(value)) return value.map((item, index) => this.read(item, [...path, String(index)]));
    const members = Object.entries(value).filter(([, member]) => member !== undefined);
    // Made by `fromEntries`, a member named __proto__ is a member like any other.
    return Object.fromEntries(members.map(([name, member]) => this.#member(name, member, [...path, name])));
  }

  #member(name: string, value: unknown, path: readonly string[]): [name: string, value: JsonValue] {
    return [this.#text(name, path), this.read(value, path)];
  }

  #text(value: string, path: readonly string[]): string {
    if (!value.isWellFormed()) this.#refuse(path, 'format', 'well-formed Unicode');
    return value;
  }

  /** An integer beyond 2^53−1 has lost digits on its way: two amounts would have one key. */
  #number(value: number, path: readonly string[]): number {
    const exact = Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value));
    if (!exact && value < 0) this.#refuse(path, 'minimum', Number.MIN_SAFE_INTEGER);
    if (!exact && value >= 0) this.#refuse(path, 'maximum', Number.MAX_SAFE_INTEGER);
    // Minus zero becomes zero, as in canonical JSON.
    return value + 0;
  }

  #refuse(path: readonly string[], rule: string, allowed: JsonValue): void {
    this.violations.push({ field: pointerOf(path).toWellFormed(), rule, allowed });
  }
}
