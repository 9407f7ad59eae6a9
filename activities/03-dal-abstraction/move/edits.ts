/** The recorded steps that change files; the numbers are those of the commits. */
export const STEP = { interfaces: 3, mysql: 4, factory: 5, callSites: 6, transactions: 7, guard: 8 } as const;

/** Replaces `start`…`end` of the file as it was at the baseline, from `step` on. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly step: number;
}

/** What stage 3 does to the application's files, as a function of the step. All paths are relative to the application. */
export interface FileChanges {
  /** Edits of files that exist, by path. */
  readonly edits: ReadonlyMap<string, readonly Edit[]>;
  /** Whole files; the one with the highest step so far counts. */
  readonly created: readonly { readonly path: string; readonly text: string; readonly step: number }[];
  readonly deleted: readonly { readonly path: string; readonly step: number }[];
}

/** Collects edits while the source is walked. */
export class EditList {
  readonly #edits = new Map<string, Edit[]>();

  add(path: string, edit: Edit): void {
    const list = this.#edits.get(path);
    if (list === undefined) this.#edits.set(path, [edit]);
    // The same place may be reached on two ways, such as one pattern that two calls share.
    else if (
      !list.some(
        (one) => one.start === edit.start && one.end === edit.end && one.step === edit.step && one.text === edit.text,
      )
    )
      list.push(edit);
  }

  all(): ReadonlyMap<string, readonly Edit[]> {
    return this.#edits;
  }
}

/** The file's text after `step`. Of edits at one place the latest counts; edits inside a replaced place are void. */
export function textAfter(original: string, edits: readonly Edit[], step: number): string {
  const due = edits.filter((edit) => edit.step <= step);
  const latest = due.filter(
    (edit) => !due.some((other) => other.start === edit.start && other.end === edit.end && other.step > edit.step),
  );
  const outer = latest.filter(
    (edit) =>
      !latest.some(
        (other) =>
          other !== edit &&
          other.start <= edit.start &&
          edit.end <= other.end &&
          other.end - other.start > edit.end - edit.start,
      ),
  );
  const ordered = [...outer].sort((a, b) => a.start - b.start || a.end - b.end);
  let text = '';
  let at = 0;
  for (const edit of ordered) {
    if (edit.start < at) throw new Error(`edits overlap at ${edit.start}: ${JSON.stringify(edit.text)}`);
    text += original.slice(at, edit.start) + edit.text;
    at = edit.end;
  }
  return text + original.slice(at);
}
