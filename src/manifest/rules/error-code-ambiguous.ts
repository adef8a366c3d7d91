import { finding, type Finding } from '../finding.ts';
import { member } from '../pointer.ts';
import type { Manifest, ManifestErrorMapping, ManifestTool } from '../schema.ts';

interface Meaning {
  readonly code: string;
  readonly pointer: string;
  readonly category: string;
  readonly executed: string;
  readonly terminal: string;
  /** Without conditions of its own, only the message tells two errors of a handler apart. */
  readonly message: string;
}

/** Codes that mean two things within one tool: its own errors and those of its preconditions. */
export function findAmbiguousErrorCodes({ upstreams = {}, tools }: Manifest): Finding[] {
  return [
    ...Object.entries(upstreams).flatMap(([name, { errors = [] }]) =>
      compare(errorMeanings(errors, member('/upstreams', name, 'errors'))),
    ),
    ...tools.flatMap((tool, index) => compare(toolMeanings(tool, member('/tools', index)))),
  ];
}

function toolMeanings({ errors = [], preconditions = [] }: ManifestTool, pointer: string): Meaning[] {
  return [
    ...errorMeanings(errors, `${pointer}/errors`),
    ...preconditions.map(({ code }, index) => ({
      code,
      pointer: member(pointer, 'preconditions', index, 'code'),
      category: 'failed_precondition',
      executed: 'no',
      terminal: 'false',
      message: '',
    })),
  ];
}

function errorMeanings(errors: readonly ManifestErrorMapping[], pointer: string): Meaning[] {
  return errors.map(({ code, category, executed = 'no', terminal = false, when, message }, index) => ({
    code,
    pointer: member(pointer, index, 'code'),
    category,
    executed,
    terminal: String(terminal),
    message: when === undefined ? message : '',
  }));
}

function compare(meanings: readonly Meaning[]): Finding[] {
  return meanings.flatMap((meaning, index) => {
    const first = meanings.slice(0, index).find(({ code }) => code === meaning.code);
    const fields = ['category', 'executed', 'terminal', 'message'] as const;
    const differs = first && fields.find((field) => first[field] !== meaning[field]);
    return differs === undefined
      ? []
      : [finding('error-code-ambiguous', meaning.pointer, { code: meaning.code, differs })];
  });
}
