/** One order of members for all values that are equal as JSON. */
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '../json.ts';

/** Equal calls make equal bytes, in whatever order their callers name things. Lists keep their order: it means something. */
export function orderMembers(value: JsonObject): JsonObject {
  const members = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(members.map(([name, member]) => [name, ordered(member)]));
}

function ordered(value: JsonValue): JsonValue {
  if (isJsonArray(value)) return value.map(ordered);
  return isJsonObject(value) ? orderMembers(value) : value;
}
