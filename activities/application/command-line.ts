import { CutoverError } from '../../core/errors/index.ts';

/**
 * Splits a command of the plan into program and arguments, as a shell would split words, and nothing else of a shell:
 * no variables, globs, pipes. Plans that need those name a shell themselves (`sh -c "…"`).
 */
export function splitCommand(command: string): [program: string, ...args: string[]] {
  const words: string[] = [];
  let word: string | undefined;
  let quote: '"' | "'" | undefined;
  for (let index = 0; index < command.length; index += 1) {
    const character = command.charAt(index);
    if (quote !== undefined) {
      if (character === quote) quote = undefined;
      else if (character === '\\' && quote === '"' && /["\\]/.test(command.charAt(index + 1))) {
        index += 1;
        word = (word ?? '') + command.charAt(index);
      } else word = (word ?? '') + character;
    } else if (character === '"' || character === "'") {
      quote = character;
      word ??= '';
    } else if (/\s/.test(character)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else if (character === '\\' && index + 1 < command.length) {
      index += 1;
      word = (word ?? '') + command.charAt(index);
    } else {
      word = (word ?? '') + character;
    }
  }
  if (quote !== undefined) {
    throw new CutoverError('core.plan-invalid', { where: command, detail: `A ${quote} is opened and never closed.` });
  }
  if (word !== undefined) words.push(word);
  const [program, ...args] = words;
  if (program === undefined) {
    throw new CutoverError('core.plan-invalid', { where: 'application', detail: 'A command is empty.' });
  }
  return [program, ...args];
}

/** Puts the address of the running server in the place of `{serverUrl}`. */
export function withServerUrl(text: string, serverUrl: string | undefined): string {
  return serverUrl === undefined ? text : text.replaceAll('{serverUrl}', serverUrl);
}
