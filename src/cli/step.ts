/** One line per step of work: a spinner that turns into the outcome on a terminal, plain lines elsewhere. */
import { styleText } from 'node:util';

const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const FRAME_MS = 80;
const CLEAR_LINE = '\r\u001B[2K';

export interface Step<Result> {
  readonly title: string;
  readonly work: () => Promise<Result>;
  readonly stream: NodeJS.WriteStream;
  readonly colour: boolean;
}

/** Does the work and gives its result, or its error, unchanged. */
export async function runStep<Result>({ title, work, stream, colour }: Step<Result>): Promise<Result> {
  const paint = (style: 'green' | 'red' | 'cyan', text: string) =>
    colour ? styleText(style, text, { validateStream: false }) : text;
  const stop = stream.isTTY ? spin({ title, stream, paint: (frame) => paint('cyan', frame) }) : announce(title, stream);
  try {
    const result = await work();
    stop(`${paint('green', '✔')} ${title}`);
    return result;
  } catch (error) {
    stop(`${paint('red', '✖')} ${title}`);
    throw error;
  }
}

function spin(line: { title: string; stream: NodeJS.WriteStream; paint: (frame: string) => string }) {
  let turn = 0;
  const draw = () => {
    const frame = FRAMES[turn++ % FRAMES.length] ?? '';
    line.stream.write(`${CLEAR_LINE}${line.paint(frame)} ${line.title}`);
  };
  draw();
  const timer = setInterval(draw, FRAME_MS);
  return (outcome: string) => {
    clearInterval(timer);
    line.stream.write(`${CLEAR_LINE}${outcome}\n`);
  };
}

/** A log shows that a long step has begun, not only that it ended. */
function announce(title: string, stream: NodeJS.WriteStream) {
  stream.write(`  ${title} …\n`);
  return (outcome: string) => void stream.write(`${outcome}\n`);
}
