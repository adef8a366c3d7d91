/** The findings of `check`, each kind with what it means, what differs and the command that puts it right. */
import type { Finding } from '../index.ts';
import { addCommand, generatorCommand, type PackageManager } from '../render/package-manager.ts';
import { paintDiff, shortenDiff } from './diff-text.ts';
import type { Terminal } from './terminal.ts';

interface Kind {
  readonly kind: Finding['kind'];
  readonly means: string;
  readonly fix: (manager: PackageManager, findings: readonly Finding[]) => string;
}

const KINDS: readonly Kind[] = [
  { kind: 'missing', means: 'generated from the manifest, but not there', fix: generate },
  { kind: 'stale', means: 'older than the manifest or the generator', fix: generate },
  {
    kind: 'edited',
    means: 'changed by hand, though the generator owns it',
    fix: (manager) => `move the edit to the manifest or to a file of yours, then ${generate(manager)} --force`,
  },
  {
    kind: 'orphaned',
    means: 'left behind: the manifest no longer asks for it',
    fix: (manager) => `${generate(manager)}; it leaves what it did not write, which is yours to delete`,
  },
  {
    kind: 'dependency',
    means: 'a package that the generated code needs is absent or too old',
    fix: (manager, findings) => addCommand(manager, neededPackages(findings)).join(' '),
  },
];

export interface FindingsTextOptions {
  readonly terminal: Terminal;
  /** Which the commands that put things right are for. */
  readonly manager: PackageManager;
}

/** One block per kind that was found. */
export function describeFindings(findings: readonly Finding[], options: FindingsTextOptions): readonly string[] {
  return KINDS.map((kind) => describeKind(kind, findings, options)).filter((block) => block !== undefined);
}

function describeKind(
  { kind, means, fix }: Kind,
  findings: readonly Finding[],
  { terminal, manager }: FindingsTextOptions,
): string | undefined {
  const concerned = findings.filter((finding) => finding.kind === kind);
  if (concerned.length === 0) return undefined;
  const title = `${terminal.paint('bold', kind)}: ${means}`;
  const body = concerned.map((finding) => describeFinding(finding, terminal)).join('\n');
  return `${title}\n${body}\n  ${terminal.paint('cyan', 'Fix:')} ${fix(manager, concerned)}\n`;
}

/** `package.json: canonicalize 5.0.0 is older than 5.1.0`, or the path alone. */
export function nameFinding(finding: Finding): string {
  if (finding.kind !== 'dependency') return finding.path;
  const { path, name, needed, found } = finding;
  return found === undefined
    ? `${path}: ${name} ${needed} is needed`
    : `${path}: ${name} is ${found}, ${needed} is needed`;
}

function describeFinding(finding: Finding, terminal: Terminal): string {
  const diff = finding.kind === 'dependency' ? undefined : finding.diff;
  const indented = diff === undefined ? '' : `\n${paintDiff(shortenDiff(diff), terminal).replace(/^/gm, '    ')}`;
  return `  ${nameFinding(finding)}${indented}`;
}

function generate(manager: PackageManager): string {
  return generatorCommand(manager, 'generate').join(' ');
}

function neededPackages(findings: readonly Finding[]): readonly string[] {
  return findings
    .filter((finding) => finding.kind === 'dependency')
    .map(({ name, needed }) => `${name}@${bareVersion(needed)}`);
}

function bareVersion(range: string): string {
  return range.replace(/^[\^~>=\s]+/, '');
}
