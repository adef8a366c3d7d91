/** Decides for each schema of a document by what it is closed. */
import type { JsonSchema } from '../../manifest/json-schema.ts';
import { isObject } from '../../manifest/pointer.ts';
import { Composition, describesObject, type Keywords } from './composition.ts';

export type Closing =
  /** Says itself how open it is, is a part of another, describes no object, or may not change. */
  | { readonly kind: 'none' }
  /** Knows all of its members. */
  | { readonly kind: 'alone' }
  /** Closed after its in-place subschemas have had their say. */
  | { readonly kind: 'composed'; readonly parts: readonly Keywords[] }
  /** Closed by declaring what schemas elsewhere say about the same value. */
  | { readonly kind: 'joined'; readonly parts: readonly Keywords[] };

export class ClosingPlan {
  readonly #composition: Composition;
  readonly #fixed: ReadonlySet<Keywords>;
  readonly #parts = new Set<Keywords>();
  /** A property's schema, with the schemas of other parts for the same property. */
  readonly #joined = new Map<Keywords, readonly Keywords[]>();

  /** `output`: whatever may fail while the whole succeeds is left alone, too, or stripping it would lose data. */
  constructor(root: JsonSchema, use: 'input' | 'output') {
    this.#composition = new Composition(root);
    const all = this.#composition.all();
    this.#fixed = this.#composition.reach(all.flatMap((schema) => this.#untouchable(schema, use)));
    for (const schema of all.filter((one) => this.#composition.isComposed(one))) {
      const parts = this.#composition.parts(schema);
      for (const part of parts) this.#parts.add(part);
      const conjuncts = this.#composition.conjuncts(schema);
      this.#join(
        [...conjuncts],
        [...parts].filter((part) => !conjuncts.has(part)),
      );
    }
  }

  /** Narrowing it could make the whole accept more, or another branch apply. */
  isFixed(schema: Keywords): boolean {
    return this.#fixed.has(schema);
  }

  closingOf(schema: Keywords): Closing {
    if ('additionalProperties' in schema || 'unevaluatedProperties' in schema || this.#isPart(schema)) {
      return { kind: 'none' };
    }
    const joined = this.#joined.get(schema) ?? [];
    const parts = [...this.#composition.parts(schema), ...this.#withParts(joined)];
    if (joined.length > 0 && describesObject(schema)) return { kind: 'joined', parts };
    if (this.#composition.isComposed(schema) || this.#refersToPart(schema)) return { kind: 'composed', parts };
    return { kind: describesObject(schema) ? 'alone' : 'none' };
  }

  #untouchable(schema: Keywords, use: 'input' | 'output'): readonly Keywords[] {
    if (use === 'output') return this.#composition.tentativeOrPart(schema);
    const alternatives = Array.isArray(schema['oneOf']) ? schema['oneOf'] : [];
    return ['not', 'if', 'contains', 'propertyNames']
      .map((keyword) => schema[keyword])
      .concat(this.#composition.areApart(alternatives) ? [] : alternatives)
      .filter(isObject);
  }

  /** Open where it stands, because another place uses it as a part or depends on what it refuses. */
  #isPart(schema: Keywords): boolean {
    return this.#parts.has(schema) || this.#fixed.has(schema);
  }

  #refersToPart(schema: Keywords): boolean {
    const target = this.#composition.target(schema);
    return target !== undefined && this.#isPart(target) && this.#composition.reachesObject(target);
  }

  /**
   * Where a schema and its parts describe the same property, those descriptions are parts of one, too.
   * `base` always holds as a whole; each of `others` may hold beside it.
   */
  #join(base: readonly Keywords[], others: readonly Keywords[]): void {
    for (const name of new Set(base.flatMap((schema) => Object.keys(propertiesOf(schema))))) {
      const [first, ...rest] = base.flatMap((schema) => propertySchema(schema, name));
      const joined = [...rest, ...others.flatMap((schema) => propertySchema(schema, name))];
      if (first === undefined || joined.length === 0 || this.#joined.has(first)) continue;
      this.#joined.set(first, joined);
      const parts = this.#withParts(joined);
      for (const part of parts) this.#parts.add(part);
      this.#join([...this.#composition.conjuncts(first)], parts);
    }
  }

  #withParts(schemas: readonly Keywords[]): readonly Keywords[] {
    return schemas.flatMap((schema) => [schema, ...this.#composition.parts(schema)]);
  }
}

function propertiesOf({ properties }: Keywords): Keywords {
  return isObject(properties) ? properties : {};
}

function propertySchema(schema: Keywords, name: string): readonly Keywords[] {
  const properties = propertiesOf(schema);
  const property = Object.hasOwn(properties, name) ? properties[name] : undefined;
  return isObject(property) ? [property] : [];
}
