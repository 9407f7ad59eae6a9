import { CutoverError } from '../../core/errors/index.ts';

/** Checks that a name is a plain, relative, forward-slashed path, so that it can't leave its migration's folder. */
export function confinedName(name: string): string {
  const parts = name.split('/');
  const plain = parts.every((part) => part !== '' && part !== '.' && part !== '..');
  // Backslash and colon are separators elsewhere; control characters hide what a name is.
  // eslint-disable-next-line no-control-regex
  if (!plain || /[\\:\u0000-\u001f]/.test(name) || name.length > 500) {
    throw new CutoverError('core.artifact-name', {
      where: JSON.stringify(name.slice(0, 200)),
      detail: 'Expected a relative path such as stage-01/analysis.json.',
    });
  }
  return name;
}
