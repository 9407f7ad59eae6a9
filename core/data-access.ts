import type { SqlTemplate } from './sql-template.ts';

/** A place in the application's source. Lines and columns count from 1; `file` is relative to `application.path`. */
export interface SourceSpan {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** Offsets in UTF-16 units from the start of the file; `end` is exclusive. They name the call expression. */
  readonly start: number;
  readonly end: number;
}

/** How the application configured its driver; decides how values look to it in JavaScript. */
export interface DriverConventions {
  readonly decimals: 'string' | 'number';
  readonly dates: 'string' | 'Date';
  /** `safe`: number where exact, string where not (`supportBigNumbers`); `string`: always string; `number`: lossy. */
  readonly bigNumbers: 'number' | 'safe' | 'string';
  /** Zone given to the driver, such as `Z`, `+02:00` or `local`. */
  readonly timeZone: string;
}

/** A value that the statement takes from its surroundings: free in the statement's own source. */
export interface MethodInput {
  /** Identifier used in the template's expressions. */
  readonly name: string;
  /** The expression at the call site that gives it, verbatim source. */
  readonly source: string;
  /** Its TypeScript type as source, `unknown` where it can't be told. */
  readonly type: string;
  /** Column that the SQL compares it with or stores it in, as the SQL writes it; absent where that can't be told. */
  readonly column?: string;
}

/** What the caller uses of the answer. */
export type ResultUse = 'rows' | 'first-row' | 'write-result' | 'ignored';

/** One statement of the application: a call of the driver with its SQL rebuilt. */
export interface CallSite {
  /** `CS-001` …, numbered by file and position. */
  readonly id: string;
  readonly span: SourceSpan;
  /** Enclosing function or method, such as `ProductRepository.findById` or `GET /products/:id`. */
  readonly within: string;
  readonly api: 'execute' | 'query';
  readonly style: 'promise' | 'callback';
  /** What the call is made on. `connection` inside an explicit transaction belongs to `transaction`. */
  readonly receiver: 'pool' | 'connection';
  readonly transaction?: string;
  readonly template: SqlTemplate;
  readonly inputs: readonly MethodInput[];
  readonly statement: 'select' | 'insert' | 'update' | 'delete' | 'replace' | 'other';
  readonly result: ResultUse;
  /** What the program reads of a write's outcome, such as `insertId` and `affectedRows`, in order of name. */
  readonly resultFields?: readonly string[];
  /** Name of the row type given as type argument (`ProductRow` of `execute<ProductRow[]>`), if any. */
  readonly rowType?: string;
  /** Access pattern that this statement belongs to (same normalised SQL), set by stage 1. */
  readonly accessPattern?: string;
}

/** Statements between `beginTransaction` and `commit` on one connection. */
export interface TransactionUnit {
  readonly id: string;
  readonly within: string;
  readonly file: string;
  readonly line: number;
  readonly callSites: readonly string[];
}

/** An HTTP endpoint, traced to the statements that it can reach. */
export interface Route {
  readonly id: string;
  readonly method: string;
  /** Full path with the mount points of its routers, such as `/api/products/:id`. */
  readonly path: string;
  readonly file: string;
  readonly line: number;
  /** Names of middleware in front of the handler, router-level included. */
  readonly guards: readonly string[];
  readonly callSites: readonly string[];
  /** Calls of query builders that it can reach, by id; absent when there are none. */
  readonly builderCalls?: readonly string[];
}

/** A call of a query builder or ORM: a statement whose SQL the library makes, so that only the log has its text. */
export interface BuilderCall {
  /** `QB-001` …, numbered by file and position. */
  readonly id: string;
  readonly library: string;
  readonly file: string;
  readonly line: number;
  readonly within: string;
  readonly kind: 'read' | 'write' | 'unknown';
  /** Methods of the chain in order, such as `where`, `first`. */
  readonly operations: readonly string[];
  /** Table or model that it is about, as the source names it. */
  readonly target?: string;
  /** Fingerprints of shapes that no call site sends and that this call may have sent: same table, same kind. */
  readonly logShapes?: readonly string[];
}

/** Something in the source that looks like data access and can't be resolved; never dropped silently. */
export interface UnresolvedAccess {
  readonly file: string;
  readonly line: number;
  readonly reason: string;
  readonly excerpt: string;
}

/** Everything stage 1 learns from the source. */
export interface ApplicationAnalysis {
  readonly framework: string;
  readonly driver: DriverConventions;
  readonly routes: readonly Route[];
  readonly callSites: readonly CallSite[];
  readonly transactions: readonly TransactionUnit[];
  /** Absent when the application uses no query builder. */
  readonly builderCalls?: readonly BuilderCall[];
  readonly unresolved: readonly UnresolvedAccess[];
}

/**
 * One method of the generated data access layer, given by stage 3 (`stage-03/data-access.json`) and compiled by
 * stage 4. Several call sites share a method when their templates, inputs and use are the same.
 */
export interface DataAccessMethod {
  /** Member of the DAL, such as `products`; also the file name below `dal/`. */
  readonly aggregate: string;
  /** Method name, such as `findById`. */
  readonly name: string;
  readonly accessPattern: string;
  readonly callSites: readonly string[];
  readonly inputs: readonly MethodInput[];
  readonly template: SqlTemplate;
  readonly kind: 'read' | 'write';
  readonly result: ResultUse;
  /** TypeScript type of one row as the interface declares it, importable from the aggregate's interface file. */
  readonly rowType?: string;
}

/** What the application's source is written in. */
export type SourceLanguage = 'typescript' | 'javascript';

/** How modules are written: TypeScript always has `import` and `export`, whatever it is compiled to. */
export type ModuleSystem = 'esm' | 'commonjs';

/** `stage-03/data-access.json`: what stage 3 built, for stages 4 and 5. */
export interface DataAccessLayer {
  readonly schemaVersion: 1;
  /** Branch and its work tree folder below the migration's work folder. */
  readonly branch: string;
  readonly commit: string;
  /** Folder of the DAL relative to the application, such as `src/dal`. */
  readonly folder: string;
  /** Suffix of relative imports in the application's own style: `.js`, `.ts` or none. */
  readonly importSuffix: string;
  /** TypeScript when absent. */
  readonly language?: SourceLanguage;
  /** ES modules when absent. */
  readonly modules?: ModuleSystem;
  /** CommonJS files begin with `'use strict'`, as the application's own do. */
  readonly strict?: boolean;
  readonly driver: DriverConventions;
  readonly methods: readonly DataAccessMethod[];
}
