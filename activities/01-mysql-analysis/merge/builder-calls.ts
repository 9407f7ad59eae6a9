import type { LogShape } from '../../../core/analysis.ts';
import type { BuilderCall } from '../../../core/data-access.ts';

/**
 * Gives each call of a query builder the shapes that it may have sent: those that no call site sends, about its table
 * and of its kind. A model's name is taken for a table's in singular or plural, whatever its case.
 */
export function withLogShapes(calls: readonly BuilderCall[], onlyInLog: readonly LogShape[]): BuilderCall[] {
  return calls.map((call) => {
    const target = call.target === undefined ? undefined : folded(call.target);
    const shapes = onlyInLog.filter(
      (shape) =>
        shape.kind !== 'other' &&
        (call.kind === 'unknown' || shape.kind === call.kind) &&
        shape.tables.some((table) => folded(table) === target),
    );
    return shapes.length === 0 ? call : { ...call, logShapes: shapes.map((shape) => shape.fingerprint) };
  });
}

function folded(name: string): string {
  return name
    .replace(/[_`"]/g, '')
    .toLowerCase()
    .replace(/ies$/, 'y')
    .replace(/(?<=(?:s|x|ch|sh))es$/, '')
    .replace(/s$/, '');
}
