/** Finds a value that a schema accepts: builds one, asks what is wrong with it, and changes that part. */
import { member, tokensOf } from '../../manifest/pointer.ts';
import type { Json, JsonObject } from '../project.ts';
import { buildDraft, type Draft, type Fullness } from './draft.ts';

/** What a validator says of a value that it refuses. */
export interface Fault {
  readonly instancePath: string;
  readonly params: Readonly<Record<string, unknown>>;
}

/** `true` where a value is accepted; may fill in defaults and remove superfluous members. Then tells its faults. */
export interface Accepts {
  (value: unknown): unknown;
  readonly errors?: readonly Fault[] | null | undefined;
}

/** How often a value is changed before giving up. */
const MOST_REPAIRS = 60;
/** How many options of every part are tried where it is not known what is wrong. */
const MOST_CHOICES = 6;

export function findAccepted(schema: JsonObject, fullness: Fullness, accepts: Accepts): Json | undefined {
  const repairs = new Repairs();
  for (let count = 0; count < MOST_REPAIRS; count += 1) {
    const draft = buildDraft(schema, { fullness, choice: 0, ...repairs });
    const accepted = tryOut(draft.value, accepts);
    if (accepted !== undefined) return accepted;
    if (!repairs.mend(draft, accepts.errors ?? [])) break;
  }
  for (let choice = 1; choice < MOST_CHOICES; choice += 1) {
    const accepted = tryOut(buildDraft(schema, { fullness, choice, ...new Repairs() }).value, accepts);
    if (accepted !== undefined) return accepted;
  }
  return undefined;
}

/** The value as the validator leaves it, if it is accepted. */
export function tryOut(value: Json, accepts: Accepts): Json | undefined {
  const copy = structuredClone(value);
  return accepts(copy) === true ? copy : undefined;
}

/** What is different from the first draft. */
class Repairs {
  readonly picks = new Map<string, number>();
  readonly included = new Set<string>();
  readonly omitted = new Set<string>();

  /** Changes one thing, the innermost first; `false` where nothing is left to change. */
  mend(draft: Draft, faults: readonly Fault[]): boolean {
    const innermost = [...faults].sort((a, b) => depthOf(b.instancePath) - depthOf(a.instancePath));
    return (
      innermost.some((fault) => this.#setMember(fault, draft) || this.#advance(fault.instancePath, draft)) ||
      innermost.some((fault) => ancestors(fault.instancePath).some((pointer) => this.#advance(pointer, draft))) ||
      innermost.some((fault) => this.#omit(fault.instancePath, draft))
    );
  }

  #setMember({ instancePath, params }: Fault, draft: Draft): boolean {
    const { missingProperty: missing, additionalProperty, unevaluatedProperty } = params;
    const extra = additionalProperty ?? unevaluatedProperty;
    if (typeof extra === 'string') return this.#omit(member(instancePath, extra), draft);
    if (typeof missing !== 'string' || this.included.has(member(instancePath, missing))) return false;
    this.included.add(member(instancePath, missing));
    return true;
  }

  #advance(pointer: string, draft: Draft): boolean {
    const next = (this.picks.get(pointer) ?? 0) + 1;
    if (next >= (draft.options.get(pointer) ?? 0)) return false;
    // What was chosen inside belonged to the option before.
    for (const inner of [...this.picks.keys()].filter((one) => one.startsWith(`${pointer}/`))) this.picks.delete(inner);
    this.picks.set(pointer, next);
    return true;
  }

  #omit(pointer: string, draft: Draft): boolean {
    if (!draft.optional.has(pointer) || this.omitted.has(pointer)) return false;
    this.omitted.add(pointer);
    this.included.delete(pointer);
    return true;
  }
}

function depthOf(pointer: string): number {
  return tokensOf(pointer).length;
}

/** The pointers to what is around a value, innermost first. */
function ancestors(pointer: string): readonly string[] {
  const tokens = tokensOf(pointer);
  return tokens.map((_, index) => member('', ...tokens.slice(0, tokens.length - 1 - index)));
}
