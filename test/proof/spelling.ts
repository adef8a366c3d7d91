/** The many ways of writing one JSON value: member order, number formats, escapes. */
import { isJsonObject, type JsonValue } from '../../templates/kernel/json.ts';

/** Picks one of `count` ways, from 0; every call may pick another. */
export type Pick = (count: number) => number;

/** Picks that look random and depend on the seed alone. */
export function picking(seed: number): Pick {
  let state = seed >>> 0;
  return (count) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * count);
  };
}

/** JSON text that parses to the value, spelt as the picks say. */
export function spell(value: JsonValue, pick: Pick): string {
  if (typeof value === 'number') return spellNumber(value, pick);
  if (typeof value === 'string') return pick(2) === 0 ? JSON.stringify(value) : escapeAll(value);
  if (Array.isArray(value)) return `[${value.map((item) => spell(item, pick)).join(pick(2) === 0 ? ',' : ' , ')}]`;
  if (!isJsonObject(value)) return JSON.stringify(value);
  const members = Object.entries(value).map(([name, member]) => `${spell(name, pick)}:${spell(member, pick)}`);
  return `{${shuffle(members, pick).join()}}`;
}

function spellNumber(value: number, pick: Pick): string {
  const spellings = [String(value), `${value}.0`, `${value}e0`, `${value}0e-1`, value.toExponential(), `-${value}`];
  const equal = spellings.filter((text) => JSON_NUMBER.test(text) && Number(text) === value);
  return equal[pick(equal.length)] ?? String(value);
}

const JSON_NUMBER = /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:e[+-]?[0-9]+)?$/;

function escapeAll(text: string): string {
  const units = Array.from({ length: text.length }, (_, index) => text.charCodeAt(index));
  return `"${units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('')}"`;
}

function shuffle(items: readonly string[], pick: Pick): readonly string[] {
  const rest = [...items];
  return items.flatMap(() => rest.splice(pick(rest.length), 1));
}
