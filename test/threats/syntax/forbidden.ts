/**
 * Finds what code that runs in production must not have: ways to start programs, to make code of text or of data, and to
 * read the environment past the configuration. A parser reads it, so that what stands in a string or a comment counts for
 * nothing. What is put together at run time, such as `'con' + 'structor'`, only Node's own
 * `--disallow-code-generation-from-strings` sees.
 */
import { parseAst } from 'vitest/node';

import type { Node } from '../../corpus/syntax.ts';

export interface Rules {
  /** The modules that may be imported besides files of the project. */
  readonly modules: ReadonlySet<string>;
  /** Members of `process` that may be read besides the usual ones. */
  readonly ofProcess?: readonly string[];
  /** Whether a member called `constructor` may be read, as where that is the name of an argument; calling it never is. */
  readonly readsConstructor?: boolean;
}

const GLOBALS = new Set(['eval', 'Function', 'require', 'WebAssembly', 'global']);
const OF_PROCESS = ['argv', 'exit', 'exitCode', 'on', 'once', 'stderr', 'stdin', 'stdout'];
const OF_GLOBAL_THIS = ['console'];
const IMPORTS = new Set(['ImportDeclaration', 'ExportNamedDeclaration', 'ExportAllDeclaration', 'ImportExpression']);

/** What is forbidden, each with the number of its line: `3: eval`. */
export function findForbidden(source: string, language: 'ts' | 'js', rules: Rules): readonly string[] {
  const found: string[] = [];
  const mayRead = new Map([
    ['process', new Set([...OF_PROCESS, ...(rules.ofProcess ?? [])])],
    ['globalThis', new Set(OF_GLOBAL_THIS)],
  ]);

  function visit(value: unknown, parent: Node | undefined): void {
    if (Array.isArray(value)) return value.forEach((item) => visit(item, parent));
    if (!isNode(value)) return;
    const reason = reasonAgainst(value, parent);
    if (reason !== undefined) found.push(`${source.slice(0, Number(value['start'])).split('\n').length}: ${reason}`);
    if (isHarmlessRead(value)) return;
    for (const [name, member] of Object.entries(value)) if (!isName(name, value)) visit(member, value);
  }

  function reasonAgainst(node: Node, parent: Node | undefined): string | undefined {
    const type = String(node['type']);
    if (IMPORTS.has(type)) return reasonAgainstImport(node);
    if (type === 'TSImportEqualsDeclaration') return 'import =';
    if (type === 'Identifier' && (GLOBALS.has(String(node['name'])) || mayRead.has(String(node['name'])))) {
      return String(node['name']);
    }
    if (memberName(node) !== 'constructor') return undefined;
    return rules.readsConstructor === true && !isCalled(node, parent) ? undefined : 'constructor';
  }

  function reasonAgainstImport({ type, source: from }: Node): string | undefined {
    if (from === null) return undefined; // exports something of its own
    const name = literalOf(from);
    if (name === undefined) return `${String(type)} of data`;
    return name.startsWith('.') || rules.modules.has(name) ? undefined : `import of ${name}`;
  }

  /** `process.argv`; not `process['argv']`, nor `process` alone. */
  function isHarmlessRead(node: Node): boolean {
    const object = node['object'];
    if (node['type'] !== 'MemberExpression' || node['computed'] === true || !isNode(object)) return false;
    return mayRead.get(String(object['name']))?.has(memberName(node) ?? '') === true;
  }

  visit(parseAst(source, { lang: language }).body, undefined);
  return found;
}

/** `x()`, `new x()`, x`…`, `x.call()`, `x.constructor`. */
function isCalled(node: Node, parent: Node | undefined): boolean {
  if (parent?.['callee'] === node || parent?.['tag'] === node) return true;
  return parent?.['object'] === node && ['apply', 'bind', 'call', 'constructor'].includes(memberName(parent) ?? '');
}

/** A name after a dot or before a colon is no variable. */
function isName(member: string, node: Node): boolean {
  return (member === 'key' || member === 'property') && node['computed'] !== true;
}

/** `a.name`, `a['name']`, a[`name`], or the key in `{ name } = a`. */
function memberName(node: Node): string | undefined {
  if (node['type'] === 'MemberExpression') return nameIn(node['property'], node['computed'] === true);
  if (node['type'] !== 'ObjectPattern' || !Array.isArray(node['properties'])) return undefined;
  return node['properties'].map(({ key, computed }) => nameIn(key, computed)).find((name) => name === 'constructor');
}

function nameIn(key: unknown, computed: boolean): string | undefined {
  if (!computed && isNode(key) && key['type'] === 'Identifier') return String(key['name']);
  return literalOf(key);
}

/** The text of a literal, quoted in any way. */
function literalOf(value: unknown): string | undefined {
  if (!isNode(value)) return undefined;
  if (value['type'] === 'Literal' && typeof value['value'] === 'string') return value['value'];
  const { quasis, expressions } = value;
  if (!Array.isArray(quasis) || !Array.isArray(expressions) || expressions.length > 0) return undefined;
  return String(quasis[0]?.value?.cooked);
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null;
}
