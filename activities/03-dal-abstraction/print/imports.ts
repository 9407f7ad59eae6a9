import { specifier, type Layout } from '../move/layout.ts';

/** One name to import into a generated file. */
export interface NamedImport {
  readonly name: string;
  /** Name in the importing file, where it differs. */
  readonly as?: string;
  readonly from: { readonly file: string } | { readonly package: string };
}

/** Import statements, one a module, packages first; sorted, so that the same names give the same text. */
export function importsFor(
  layout: Layout,
  into: string,
  names: readonly NamedImport[],
  kind: 'type' | 'value',
): string {
  const modules = new Map<string, Set<string>>();
  for (const { name, as, from } of names) {
    const module = 'package' in from ? from.package : specifier(layout, into, from.file);
    const list = modules.get(module) ?? new Set();
    modules.set(module, list.add(as === undefined || as === name ? name : `${name} as ${as}`));
  }
  const isRelative = (module: string): number => (module.startsWith('.') ? 1 : 0);
  const order = [...modules.keys()].sort((a, b) => isRelative(a) - isRelative(b) || (a < b ? -1 : 1));
  return order
    .map(
      (module) =>
        `import ${kind === 'type' ? 'type ' : ''}{ ${[...(modules.get(module) ?? [])].sort().join(', ')} } from '${module}';`,
    )
    .join('\n');
}
