/** What the application log and the metrics are told. None of it names a path or a value. */
export interface AuditLogHooks {
  /** Writing failed; every event is refused until `onRecovered`. */
  readonly onFault?: (message: string) => void;
  readonly onRecovered?: (refusedEvents: number) => void;
  /**
   * Something beside the writing is wrong: the head cannot be kept, what is past its retention cannot be deleted, others
   * may enter a directory of the log.
   */
  readonly onWarning?: (message: string) => void;
  /** So many lines are safe, so many milliseconds after their write began. */
  readonly onWritten?: (lines: number, milliseconds: number) => void;
}

/** Where the log stands, and what it has done since it was opened. */
export interface AuditLogStats {
  /** `seq` of the last acknowledged line. */
  readonly seq: number;
  readonly hash: string;
  readonly queuedBytes: number;
  readonly writtenBytes: number;
  readonly writes: number;
  readonly refusedEvents: number;
}
