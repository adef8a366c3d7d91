/** What audit shows of a call's arguments: what the input schema names and no more, bounded, sensitive values hashed. */
import { createHmac, randomBytes } from 'node:crypto';

import { isJsonObject, pointerOf, type JsonObject, type JsonValue } from '../json.ts';
import { isSensitive } from '../sensitive.ts';
import type { Settings } from '../settings.ts';
import type { Tool } from '../tool.ts';

const LONGEST_TEXT = 256;
const MOST_ITEMS = 20;

const OWN_KEY = randomBytes(32);

/** Takes arguments that may not have been validated. */
export function projectArguments(
  { definition, policy }: Tool,
  args: JsonObject,
  { auditKey }: Pick<Settings, 'auditKey'>,
): JsonObject {
  const key = auditKey?.reveal() ?? OWN_KEY;
  return projectObject(args, definition.inputSchema, { path: [], sensitive: policy.sensitive, key });
}

interface Place {
  readonly path: readonly string[];
  readonly sensitive: readonly string[];
  readonly key: string | Buffer;
}

function projectObject(value: JsonObject, schema: JsonObject, place: Place): JsonObject {
  const named = isJsonObject(schema['properties']) ? schema['properties'] : {};
  const members = Object.entries(value).filter(([name]) => Object.hasOwn(named, name));
  return Object.fromEntries(
    members.map(([name, member]) => [name, project(member, named[name], { ...place, path: [...place.path, name] })]),
  );
}

function project(value: JsonValue, schema: JsonValue | undefined, place: Place): JsonValue {
  const described = isJsonObject(schema) ? schema : {};
  if (described['x-sensitive'] === true || isSensitive(pointerOf(place.path), value, place.sensitive))
    return hash(value, place);
  if (typeof value === 'string') return shorten(value);
  if (typeof value !== 'object' || value === null) return value;
  // What no schema describes member by member may hold anything.
  if (Array.isArray(value))
    return described['items'] === undefined ? hash(value, place) : projectItems(value, described, place);
  return isJsonObject(described['properties']) && isJsonObject(value)
    ? projectObject(value, described, place)
    : hash(value, place);
}

function projectItems(items: readonly JsonValue[], schema: JsonObject, place: Place): JsonValue {
  const shown = items
    .slice(0, MOST_ITEMS)
    .map((item, index) => project(item, schema['items'], { ...place, path: [...place.path, String(index)] }));
  return items.length > MOST_ITEMS ? [...shown, `… ${items.length - MOST_ITEMS} more`] : shown;
}

function hash(value: JsonValue, { key }: Place): string {
  return `hmac-sha256:${createHmac('sha256', key).update(JSON.stringify(value)).digest('hex')}`;
}

function shorten(text: string): string {
  return text.length <= LONGEST_TEXT ? text : `${text.slice(0, LONGEST_TEXT).toWellFormed()}… ${text.length} in all`;
}
