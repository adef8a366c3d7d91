/** Lays schemas for the same value over each other, so that one of them says it all. */
import { isObject } from '../../manifest/pointer.ts';
import { typesOf } from '../hardening/caps.ts';
import type { Keywords } from '../hardening/composition.ts';

/** Bounds of which the higher, and those of which the lower one counts. */
const LOWER = ['minimum', 'exclusiveMinimum', 'minLength', 'minItems', 'minProperties', 'minContains'];
const UPPER = ['maximum', 'exclusiveMaximum', 'maxLength', 'maxItems', 'maxProperties', 'maxContains'];

/** Members of both; what both say is tightened where that is simple, else the second one's holds. */
export function overlay(schema: Keywords, part: Keywords): Keywords {
  const both = { ...schema, ...part };
  const types = overlayTypes(schema, part);
  const required = [schema['required'], part['required']].flatMap((names) => (Array.isArray(names) ? names : []));
  return {
    ...both,
    ...tightest(LOWER, [schema, part], Math.max),
    ...tightest(UPPER, [schema, part], Math.min),
    ...(types === undefined ? {} : { type: types }),
    ...('properties' in both ? { properties: overlayProperties(schema['properties'], part['properties']) } : {}),
    ...(required.length === 0 ? {} : { required: [...new Set(required)] }),
  };
}

function tightest(
  keywords: readonly string[],
  schemas: readonly Keywords[],
  pick: (...bounds: number[]) => number,
): Keywords {
  return Object.fromEntries(
    keywords.flatMap((keyword) => {
      const bounds = schemas.map((schema) => schema[keyword]).filter((bound) => typeof bound === 'number');
      return bounds.length === 0 ? [] : [[keyword, pick(...bounds)] as const];
    }),
  );
}

/** The types that both allow; `integer` is a `number`, too. */
function overlayTypes(schema: Keywords, part: Keywords): readonly unknown[] | undefined {
  if (!('type' in schema)) return 'type' in part ? [...typesOf(part)] : undefined;
  const types = [...typesOf(schema)];
  if (!('type' in part)) return types;
  const others = typesOf(part);
  const common = types.flatMap((type) => {
    if (others.has(type)) return [type];
    if (type === 'number' && others.has('integer')) return ['integer'];
    return type === 'integer' && others.has('number') ? ['integer'] : [];
  });
  return common.length > 0 ? common : types;
}

function overlayProperties(first: unknown, second: unknown): Keywords {
  const properties = isObject(first) ? first : {};
  const others = isObject(second) ? second : {};
  const shared = Object.entries(others).map(([name, other]) => {
    const own = Object.hasOwn(properties, name) ? properties[name] : true;
    return [name, isObject(own) && isObject(other) ? overlay(own, other) : isObject(own) ? own : other] as const;
  });
  return Object.fromEntries([...Object.entries(properties), ...shared]);
}
