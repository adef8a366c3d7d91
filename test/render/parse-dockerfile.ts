/** A Dockerfile as its stages, read by a parser that knows the language. */
import { DockerfileParser, JSONInstruction, type Instruction } from 'dockerfile-ast';

export interface Step {
  readonly keyword: string;
  /** Of the instruction itself: `{ from: 'built' }`. */
  readonly flags: Readonly<Record<string, string | null>>;
  /** Of an instruction in exec form, the program and its arguments; of any other, its words. */
  readonly words: readonly string[];
  /** All behind the keyword and its flags, as it stands. */
  readonly text: string;
}

export interface Stage {
  readonly image: string;
  readonly name: string | undefined;
  /** All but `FROM`. */
  readonly steps: readonly Step[];
}

export function parseDockerfile(text: string): readonly Stage[] {
  const steps = DockerfileParser.parse(text).getInstructions().map(readStep);
  return steps.flatMap(({ keyword, words }, index) => {
    if (keyword !== 'FROM') return [];
    const [image = '', , name] = words;
    const rest = steps.slice(index + 1);
    const end = rest.findIndex((step) => step.keyword === 'FROM');
    return [{ image, name, steps: end === -1 ? rest : rest.slice(0, end) }];
  });
}

function readStep(instruction: Instruction): Step {
  const exec = instruction instanceof JSONInstruction ? instruction.getJSONStrings() : [];
  const flags = instruction instanceof JSONInstruction ? instruction.getFlags() : [];
  return {
    keyword: instruction.getKeyword(),
    flags: Object.fromEntries(flags.map((flag) => [flag.getName(), flag.getValue()])),
    words:
      exec.length > 0
        ? exec.map((word) => word.getJSONValue())
        : instruction.getArguments().map((argument) => argument.getValue()),
    text: instruction.getArgumentsContent() ?? '',
  };
}

/** The only step of the stage with this keyword. */
export function stepOf(stage: Stage | undefined, keyword: string): Step {
  const [step, ...more] = (stage?.steps ?? []).filter((candidate) => candidate.keyword === keyword);
  if (step === undefined || more.length > 0) throw new Error(`There should be one ${keyword}`);
  return step;
}
