/** Looks at generated modules as a parser sees them: what stands in a string is not code. */
import { parseAst } from 'vitest/node';

export interface Syntax {
  /** Every identifier that is read or called; names of members and keys do not count. */
  readonly references: ReadonlySet<string>;
  /** The kinds of the statements at the top, e.g. `ImportDeclaration`. */
  readonly statements: ReadonlySet<string>;
  /** The string literals, in order. */
  readonly strings: readonly string[];
  /** Whether any template literal has a substitution. */
  readonly substitutes: boolean;
}

export function readSyntax(source: string, language: 'ts' | 'js'): Syntax {
  const program = parseAst(source, { lang: language });
  const references = new Set<string>();
  const strings: string[] = [];
  let substitutes = false;
  walk(program, (node) => {
    if (node['type'] === 'Identifier') references.add(String(node['name']));
    if (node['type'] === 'Literal' && typeof node['value'] === 'string') strings.push(node['value']);
    if (node['type'] === 'TemplateLiteral')
      substitutes ||= Array.isArray(node['expressions']) && node['expressions'].length > 0;
  });
  return { references, statements: new Set(program.body.map(({ type }) => type)), strings, substitutes };
}

export type Node = Readonly<Record<string, unknown>>;

function walk(value: unknown, visit: (node: Node) => void): void {
  if (Array.isArray(value)) return value.forEach((item) => walk(item, visit));
  if (typeof value !== 'object' || value === null) return;
  // The cast holds: nodes are plain objects.
  const node = value as Node;
  visit(node);
  for (const [name, member] of Object.entries(node)) {
    const isName = (name === 'key' || name === 'property') && node['computed'] !== true;
    if (!isName) walk(member, visit);
  }
}
