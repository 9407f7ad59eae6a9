import type { Node, Statement } from 'ts-morph';
import type { LocatedCallSite } from '../../01-mysql-analysis/application/index.ts';

/** Source of a node with every occurrence of an input replaced by the input's name. */
export function withInputs(node: Node, callSite: LocatedCallSite): string {
  const from = node.getStart();
  const to = node.getEnd();
  const file = node.getSourceFile();
  const places = callSite.inputs
    .flatMap((input) => input.nodes.map((place) => ({ place, name: input.name })))
    .filter(({ place }) => place.getSourceFile() === file && place.getStart() >= from && place.getEnd() <= to)
    .sort((a, b) => a.place.getStart() - b.place.getStart());
  const text = file.getFullText();
  let result = '';
  let at = from;
  for (const { place, name } of places) {
    if (place.getStart() < at) continue;
    result += text.slice(at, place.getStart()) + name;
    at = place.getEnd();
  }
  return result + text.slice(at, to);
}

/** Start of a statement together with the comments right above it. */
export function startWithComments(statement: Statement): number {
  return statement.getLeadingCommentRanges()[0]?.getPos() ?? statement.getStart();
}
