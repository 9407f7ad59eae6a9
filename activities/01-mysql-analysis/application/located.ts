import type { CallExpression, Expression, Node, Statement } from 'ts-morph';
import type { CallSite, MethodInput } from '../../../core/data-access.ts';

/**
 * A call site together with the syntax that it was found in, for code that rewrites the application in the same
 * process. The plain {@link CallSite} is what goes into artifacts; see {@link toCallSite}.
 */
export interface LocatedCallSite extends CallSite {
  /** The driver call, or the call of the application's own helper around the driver: what gets replaced. */
  readonly node: CallExpression;
  /** What it is called on: `this.pool`, `connection`; absent for a helper that is called by its bare name. */
  readonly receiverNode?: Expression;
  /** The SQL argument as written at {@link node}. */
  readonly sqlNode: Expression;
  /** The argument with the values as written at {@link node}, if there is one. */
  readonly valuesNode?: Expression;
  /**
   * Statements of the enclosing functions that exist to build the SQL text or the values, in source order; empty when
   * all is written in the call itself. Several call sites of one function may share statements: remove them when the
   * last of these call sites is moved, and only when {@link leftovers} is empty or rewritten.
   */
  readonly sliceStatements: readonly Statement[];
  /** Uses of the slice's variables outside the slice and outside driver calls, such as `if (sets.length === 0) …`. */
  readonly leftovers: readonly SliceLeftover[];
  readonly inputs: readonly LocatedInput[];
  /** Module-level names (functions, constants) that the slice and the arguments mention and that are not inputs. */
  readonly references: readonly SliceReference[];
  readonly binding: ResultBinding;
  /** Set when {@link node} calls a helper of the application rather than the driver itself. */
  readonly helper?: HelperCall;
}

/** An input with every place that gives it: replacing each node by the input's name makes the slice self-contained. */
export interface LocatedInput extends MethodInput {
  /** Occurrences in the slice and in the call's arguments, in source order. All have the same meaning. */
  readonly nodes: readonly Expression[];
}

export interface SliceLeftover {
  /** The smallest expression around the use that has a meaning of its own: `sets.length === 0`. */
  readonly node: Node;
  /** The same said without the slice's variables, as source in the place of `node`, where it can be said. */
  readonly replacement?: string;
}

export interface SliceReference {
  readonly name: string;
  /** The declaration, in this file or in the file that it is imported from. */
  readonly declaration: Node;
}

export interface HelperCall {
  readonly name: string;
  /** The helper's function, method or arrow function. */
  readonly declaration: Node;
}

/** How the answer gets from the call into the program. */
export interface ResultBinding {
  /**
   * - `destructured`: `const [rows] = await …` (or an assignment of that form)
   * - `assigned`: `const result = await …`
   * - `returned`: `return …` or the body of an arrow function
   * - `chained`: `(await …)[0]`, `pool.query(…).then(…)`
   * - `callback`: the answer goes to a function given as last argument
   * - `passed`: an element of `Promise.all([…])`, an argument, an operand
   * - `discarded`: nobody looks at it
   */
  readonly kind: 'destructured' | 'assigned' | 'returned' | 'chained' | 'callback' | 'passed' | 'discarded';
  readonly awaited: boolean;
  /** What the call's promise gives: the driver's `[rows, fields]`, or only the rows (a helper that unwraps it). */
  readonly shape: 'tuple' | 'rows' | 'first-row' | 'unknown';
  /** The statement around the call. */
  readonly statement?: Statement;
  /** The callback is a function of the application that was found. */
  readonly followed?: boolean;
  /** Name (or pattern) that holds the rows or the write result: `rows` of `const [rows] = …`. */
  readonly rows?: Node;
}

/** The plain call site without syntax nodes: what artifacts hold. */
export function toCallSite(located: LocatedCallSite): CallSite {
  const { id, span, within, api, style, receiver, transaction, template, statement, result, rowType } = located;
  return {
    id,
    span,
    within,
    api,
    style,
    receiver,
    ...(transaction === undefined ? {} : { transaction }),
    template,
    inputs: located.inputs.map(({ name, source, type, column }) => ({
      name,
      source,
      type,
      ...(column === undefined ? {} : { column }),
    })),
    statement,
    result,
    ...(located.resultFields === undefined ? {} : { resultFields: located.resultFields }),
    ...(rowType === undefined ? {} : { rowType }),
  };
}
