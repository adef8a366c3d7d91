/** Every expression of a manifest, with the sources that its field knows. */
import {
  parseExpression,
  parsePath,
  parseText,
  parseValue,
  type Expression,
  type ValueTemplate,
} from './expressions.ts';
import { member } from './pointer.ts';
import type { Manifest, ManifestErrorMapping, ManifestRequest, ManifestTool } from './schema.ts';

export type Source = Expression['from'];

export interface Reference {
  readonly expression: Expression;
  /** JSON Pointer of the string that holds it. */
  readonly pointer: string;
  /** The sources that have a value where it stands. */
  readonly sources: readonly Source[];
  /** The tool whose arguments are meant; absent in an upstream's errors, which many tools share. */
  readonly tool: ManifestTool | undefined;
  /** `shown`: in a text that people or models read. */
  readonly use: 'path' | 'key' | 'occurrence' | 'shown' | 'other';
}

/** Text that looks like an expression and is none. */
export interface BrokenReference {
  readonly written: string;
  readonly pointer: string;
}

export interface References {
  readonly references: readonly Reference[];
  readonly broken: readonly BrokenReference[];
}

const CALL: readonly Source[] = ['args', 'principal.subject', 'principal.tenant'];
const ANSWER: readonly Source[] = ['response.body', 'response.header', 'response.status'];

/** Collects them all, in the manifest's order. */
export function collectReferences(manifest: Manifest): References {
  const collector = new Collector();
  for (const [name, { errors }] of Object.entries(manifest.upstreams ?? {})) {
    const known = [...ANSWER, 'principal.subject', 'principal.tenant'] as const;
    collector.addErrors(errors, {
      pointer: member('/upstreams', name, 'errors'),
      known,
      answer: ANSWER,
      tool: undefined,
    });
  }
  for (const [index, tool] of manifest.tools.entries()) collectTool(collector, tool, member('/tools', index));
  return collector;
}

/** Where tools name the caller's tenant. */
export function tenantReferences(manifest: Manifest): readonly Reference[] {
  return collectReferences(manifest).references.filter(
    ({ expression, tool }) => tool !== undefined && expression.from === 'principal.tenant',
  );
}

function collectTool(collector: Collector, tool: ManifestTool, pointer: string): void {
  const { request, response, idempotency, approval, preconditions = [] } = tool;
  const keyed: readonly Source[] = tool.mutability === 'read-only' ? CALL : [...CALL, 'operation.key'];
  const answer = request === undefined ? [] : ANSWER;
  if (request) collector.addRequest(request, { pointer: `${pointer}/request`, known: keyed, tool });
  if (response)
    collector.addExpression(response.result, { pointer: `${pointer}/response/result`, known: ANSWER, tool });
  for (const [index, key] of (idempotency?.key ?? []).entries()) {
    collector.addExpression(key, {
      pointer: member(pointer, 'idempotency', 'key', index),
      known: CALL,
      tool,
      use: 'key',
    });
  }
  collectOccurrence(collector, tool, `${pointer}/idempotency/occurrence`);
  if (idempotency?.lookup) {
    const { request: lookupRequest, result } = idempotency.lookup;
    const place = `${pointer}/idempotency/lookup`;
    collector.addRequest(lookupRequest, { pointer: `${place}/request`, known: [...CALL, 'operation.key'], tool });
    if (result) collector.addExpression(result, { pointer: `${place}/result`, known: ANSWER, tool });
  }
  if (approval && approval !== 'none') {
    collector.addText(approval.summary, { pointer: `${pointer}/approval/summary`, known: CALL, tool, use: 'shown' });
  }
  for (const [index, precondition] of preconditions.entries()) {
    const place = member(pointer, 'preconditions', index);
    collector.addRequest(precondition.request, { pointer: `${place}/request`, known: CALL, tool });
    const message: Place = { pointer: `${place}/message`, known: [...CALL, ...ANSWER], tool, use: 'shown' };
    collector.addText(precondition.message, message);
    for (const [position, condition] of precondition.require.entries()) {
      const at = member(place, 'require', position);
      collector.addExpression(condition.value, { pointer: `${at}/value`, known: ANSWER, tool });
      if ('equals' in condition) collector.addValue(condition.equals, { pointer: `${at}/equals`, known: CALL, tool });
    }
  }
  collector.addErrors(tool.errors, { pointer: `${pointer}/errors`, known: [...CALL, ...answer], answer, tool });
}

function collectOccurrence(collector: Collector, tool: ManifestTool, pointer: string): void {
  const occurrence = tool.idempotency?.occurrence;
  if (typeof occurrence !== 'object' || !('argument' in occurrence)) return;
  collector.addExpression(occurrence.argument, {
    pointer: `${pointer}/argument`,
    known: ['args'],
    tool,
    use: 'occurrence',
  });
}

interface Place {
  readonly pointer: string;
  readonly known: readonly Source[];
  readonly tool: ManifestTool | undefined;
  readonly use?: Reference['use'];
}

class Collector implements References {
  readonly references: Reference[] = [];
  readonly broken: BrokenReference[] = [];

  addExpression(text: string, place: Place): void {
    const expression = parseExpression(text);
    if (expression === undefined) this.broken.push({ written: text, pointer: place.pointer });
    else this.#add(expression, place);
  }

  addText(text: string, place: Place): void {
    const { value, errors } = parseText(text);
    for (const part of value) if (typeof part !== 'string') this.#add(part, place);
    this.#addErrors(errors, place.pointer);
  }

  addValue(json: unknown, place: Place): void {
    const { value, errors } = parseValue(json);
    this.#addTemplate(value, place);
    this.#addErrors(errors, place.pointer);
  }

  addRequest(request: ManifestRequest, { pointer, known, tool }: Place): void {
    const { value, errors } = parsePath(request.path);
    const path: Place = { pointer: `${pointer}/path`, known, tool, use: 'path' };
    for (const part of value.flat()) if (typeof part !== 'string') this.#add(part, path);
    this.#addErrors(errors, path.pointer);
    for (const [name, query] of Object.entries(request.query ?? {})) {
      this.addValue(query, { pointer: member(pointer, 'query', name), known, tool });
    }
    for (const [name, header] of Object.entries(request.headers ?? {})) {
      this.addText(header, { pointer: member(pointer, 'headers', name), known, tool });
    }
    if (request.body !== undefined) this.addValue(request.body, { pointer: `${pointer}/body`, known, tool });
  }

  addErrors(errors: readonly ManifestErrorMapping[] = [], place: Place & { readonly answer: readonly Source[] }): void {
    for (const [index, { message, retryAfter }] of errors.entries()) {
      const at = member(place.pointer, index);
      this.addText(message, { ...place, pointer: `${at}/message`, use: 'shown' });
      if (retryAfter) this.addExpression(retryAfter, { ...place, pointer: `${at}/retryAfter`, known: place.answer });
    }
  }

  #addTemplate(template: ValueTemplate, place: Place): void {
    if (template.kind === 'expression') this.#add(template.expression, place);
    if (template.kind === 'text')
      for (const part of template.text) if (typeof part !== 'string') this.#add(part, place);
    if (template.kind === 'array') {
      for (const [index, item] of template.items.entries()) {
        this.#addTemplate(item, { ...place, pointer: member(place.pointer, index) });
      }
    }
    if (template.kind !== 'object') return;
    for (const [name, item] of template.members)
      this.#addTemplate(item, { ...place, pointer: member(place.pointer, name) });
  }

  #add(expression: Expression, { pointer, known, tool, use = 'other' }: Place): void {
    this.references.push({ expression, pointer, sources: known, tool, use });
  }

  #addErrors(errors: readonly { readonly pointer: string; readonly written: string }[], pointer: string): void {
    this.broken.push(...errors.map((error) => ({ written: error.written, pointer: pointer + error.pointer })));
  }
}
