import type { LocatedCallSite } from '../../01-mysql-analysis/application/index.ts';
import type { MethodDesign } from '../design/design.ts';
import { startWithComments, withInputs } from '../move/statement-text.ts';

/** The application's statements that build a method's SQL and values, each with its comments, inputs by their names. */
export function sliceOf(method: MethodDesign<LocatedCallSite>): string[] {
  const [source] = method.callSites;
  return source.sliceStatements.map((statement) => {
    const comments = statement.getSourceFile().getFullText().slice(startWithComments(statement), statement.getStart());
    return comments + withInputs(statement, source);
  });
}
