/** One thing that does not belong in the repository: the file, relative to its root, and what is wrong with it. */
export interface Violation {
  readonly path: string;
  readonly message: string;
}

/** The repository under check: its root and its files as `/`-separated relative paths, sorted. */
export interface Repository {
  readonly root: string;
  readonly files: readonly string[];
}
